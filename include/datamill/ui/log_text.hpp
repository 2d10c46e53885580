#pragma once

#include "datamill/ui/ui.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace datamill::ui {

/// One line of a container's log.
struct LogLine {
  std::string ns{};
  std::string pod{};
  std::string container{};
  std::string time{};  ///< RFC 3339; "" where nobody asked for it
  std::string text{};
};

/// Lines of several containers, told apart: "pod/container text", with a colour for each pod on a terminal that has
/// colours. Only on a terminal the text is made harmless; elsewhere it stays as it is.
class LogText {
public:
  explicit LogText(const Terminal& terminal) : terminal_(terminal) {}
  /// The line with its newline.
  [[nodiscard]] std::string render(const LogLine& line);

private:
  Terminal terminal_{};
  std::map<std::string, std::size_t> pods_{};  ///< in the order in which they came
};

/// {"v":1,"type":"log","namespace","pod","container","time","text"} and a newline.
[[nodiscard]] std::string log_json(const LogLine& line);

}  // namespace datamill::ui

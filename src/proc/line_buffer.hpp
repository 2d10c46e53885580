#pragma once

#include "datamill/proc/runner.hpp"
#include <cstddef>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::proc {

/// Turns a stream of bytes into lines without their newlines. A line longer than 1 MiB comes in pieces of that size.
class LineBuffer {
public:
  static constexpr std::size_t kLongest = kLongestLine;

  /// Appends the lines that `bytes` completes to `lines`.
  void feed(std::string_view bytes, std::vector<std::string>& lines);
  /// What is left after the last newline, if anything.
  [[nodiscard]] std::optional<std::string> take_rest();

private:
  void add(std::string_view piece, std::vector<std::string>& lines);

  std::string partial_{};
};

}  // namespace datamill::proc

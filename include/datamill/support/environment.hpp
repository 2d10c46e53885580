#pragma once

#include <map>
#include <string>
#include <string_view>

namespace datamill::support {

/// The process' environment, captured once in main and passed on by reference: nothing else calls getenv.
class Environment {
public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string> variables) : variables_(std::move(variables)) {}
  [[nodiscard]] static Environment capture(char** environ_block);

  /// The value, or "" where it is not set.
  [[nodiscard]] std::string get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, std::string>& all() const { return variables_; }

private:
  std::map<std::string, std::string> variables_{};
};

}  // namespace datamill::support

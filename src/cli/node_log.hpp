#pragma once

#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace datamill::cli {

/// The logs of a node: one file a part, at most two of 16 MiB each.
class NodeLog {
public:
  explicit NodeLog(std::string folder);
  /// Appends a line with its time.
  void write(const std::string& part, std::string_view line);
  /// From now on this process reads nothing and prints into supervisor.log: whoever started it does not wait for it.
  void take_standard_streams() const;

private:
  std::string folder_;
  std::map<std::string, std::ofstream> files_{};
};

}  // namespace datamill::cli

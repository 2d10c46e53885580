#pragma once

#include <string>
#include <string_view>

namespace datamill::cli {

/// The logs of a node: one file a part, and what was in it before it had grown to 16 MiB.
class NodeLog {
public:
  explicit NodeLog(std::string folder);
  /// Appends a line with its time.
  void write(const std::string& part, std::string_view line) const;
  /// Where a part's process appends what it prints, on its own.
  [[nodiscard]] std::string path(const std::string& part) const;
  /// Puts aside what is in files that have grown; who has one open goes on in it, for it is only emptied.
  void trim() const;
  /// From now on this process reads nothing and prints into supervisor.log: whoever started it does not wait for it.
  void take_standard_streams() const;

private:
  std::string folder_;
};

}  // namespace datamill::cli

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace datamill::support {

/// Port: how configuration reads files. The planner never sees it. Paths are absolute or relative to the working
/// directory. Several threads may call at once.
class FileSource {
public:
  enum class Kind : std::uint8_t { missing, file, directory, other };
  struct ReadResult {
    std::optional<std::string> text{};
    std::string problem{};  ///< why there is no text: "No such file or directory", "Is a directory", ...
  };

  virtual ~FileSource() = default;
  /// Reads at most `max_bytes`; a longer file is a problem ("larger than 4 MiB").
  [[nodiscard]] virtual ReadResult read(const std::string& path, std::size_t max_bytes) const = 0;
  [[nodiscard]] virtual Kind kind(const std::string& path) const = 0;
  /// Names (not paths) in a directory, sorted; empty where there is none.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& path) const = 0;
};

/// The real file system.
class DiskFileSource final : public FileSource {
public:
  [[nodiscard]] ReadResult read(const std::string& path, std::size_t max_bytes) const override;
  [[nodiscard]] Kind kind(const std::string& path) const override;
  [[nodiscard]] std::vector<std::string> list(const std::string& path) const override;
};

}  // namespace datamill::support

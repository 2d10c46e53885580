#pragma once

#include "datamill/support/sha256.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace datamill::net {

/// A file that is being written under a temporary name beside its own: it gets that name only by commit(), and is
/// removed otherwise.
class PartFile {
public:
  /// Opens `<destination>.part-...` (mode 0600); see problem().
  explicit PartFile(std::string destination);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  [[nodiscard]] bool append(std::string_view data);
  /// Closes and renames. False leaves nothing behind.
  [[nodiscard]] bool commit();
  /// What went wrong with the file system: "cannot write \"/x/helm\": No space left on device"; "" if nothing.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] std::string sha256() const { return hash_.hex(); }

private:
  void fail(std::string_view what);
  void close_file();

  std::string destination_;
  std::string part_;
  int fd_ = -1;
  support::Sha256 hash_{};
  std::string problem_{};
};

}  // namespace datamill::net

#include "datamill/support/file_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace datamill::support {

namespace {

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024U;

/// Owns a file descriptor.
class Descriptor {
public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

private:
  int fd_ = -1;
};

FileSource::ReadResult problem(std::string text) {
  return {.text = std::nullopt, .problem = std::move(text)};
}

FileSource::ReadResult last_error() {
  return problem(std::generic_category().message(errno));
}

FileSource::ReadResult too_large(std::size_t limit) {
  if (limit % kMebibyte == 0) return problem(fmt::format("larger than {} MiB", limit / kMebibyte));
  return problem(fmt::format("larger than {} bytes", limit));
}

FileSource::ReadResult read_all(int fd, std::size_t expected, std::size_t max_bytes) {
  constexpr std::size_t kStep = 4096;
  // A file may grow while it is read, and files of /proc report no size.
  std::string text(expected + 1, '\0');
  std::size_t used = 0;
  while (true) {
    const ssize_t count = ::read(fd, text.data() + used, text.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_error();
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > max_bytes) return too_large(max_bytes);
    if (used == text.size()) text.resize(used + kStep);
  }
  text.resize(used);
  return {.text = std::move(text)};
}

}  // namespace

FileSource::ReadResult DiskFileSource::read(const std::string& path, std::size_t max_bytes) const {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return last_error();
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return last_error();
  if (S_ISDIR(status.st_mode)) return problem("Is a directory");
  if (!S_ISREG(status.st_mode)) return problem("Not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) return too_large(max_bytes);
  return read_all(file.get(), size, max_bytes);
}

FileSource::Kind DiskFileSource::kind(const std::string& path) const {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || !std::filesystem::exists(status)) return Kind::missing;
  if (std::filesystem::is_regular_file(status)) return Kind::file;
  return std::filesystem::is_directory(status) ? Kind::directory : Kind::other;
}

std::vector<std::string> DiskFileSource::list(const std::string& path) const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace datamill::support

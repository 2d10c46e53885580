#include "net/part_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace datamill::net {

PartFile::PartFile(std::string destination)
    : destination_(std::move(destination)), part_(destination_ + ".part-XXXXXX") {
  fd_ = mkostemp(part_.data(), O_CLOEXEC);
  if (fd_ < 0) {
    fail("create");
    part_.clear();
  }
}

PartFile::~PartFile() {
  close_file();
  if (!part_.empty()) unlink(part_.c_str());
}

void PartFile::fail(std::string_view what) {
  problem_ = fmt::format("cannot {} \"{}\": {}", what, destination_, std::generic_category().message(errno));
}

void PartFile::close_file() {
  if (fd_ >= 0 && close(fd_) != 0 && problem_.empty()) fail("write");
  fd_ = -1;
}

bool PartFile::append(std::string_view data) {
  if (fd_ < 0) return false;
  hash_.update(data);
  while (!data.empty()) {
    const ssize_t written = write(fd_, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      fail("write");
      return false;
    }
    data.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool PartFile::commit() {
  close_file();
  if (!problem_.empty()) return false;
  if (std::rename(part_.c_str(), destination_.c_str()) != 0) {
    fail("rename to");
    return false;
  }
  part_.clear();
  return true;
}

}  // namespace datamill::net

#include "proc/child_input.hpp"

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace datamill::proc {

namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024U;

}  // namespace

ChildInput::ChildInput(const command::ResolvedCommand& command, Fd file)
    : piece_(command.stdin_text()), file_(std::move(file)) {
  if (const auto* given = command.stdin_file()) after_ = given->after;
}

bool ChildInput::next() {
  if (file_.is_open()) {
    std::string piece(kPiece, '\0');
    ssize_t count = -1;
    do {
      count = read(file_.get(), piece.data(), piece.size());
    } while (count < 0 && errno == EINTR);
    if (count > 0) {
      piece.resize(static_cast<std::size_t>(count));
      piece_ = command::Secret{std::move(piece)};
      return true;
    }
    file_ = Fd{};
    if (count < 0) after_.clear();
  }
  piece_ = command::Secret{std::exchange(after_, {})};
  return !piece().empty();
}

}  // namespace datamill::proc

#include "proc/line_buffer.hpp"

#include <algorithm>
#include <utility>

namespace datamill::proc {

void LineBuffer::add(std::string_view piece, std::vector<std::string>& lines) {
  while (!piece.empty()) {
    const std::size_t room = std::min(kLongest - partial_.size(), piece.size());
    partial_ += piece.substr(0, room);
    piece.remove_prefix(room);
    if (partial_.size() == kLongest && !piece.empty()) lines.push_back(std::exchange(partial_, {}));
  }
}

void LineBuffer::feed(std::string_view bytes, std::vector<std::string>& lines) {
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    add(bytes.substr(0, newline), lines);
    if (newline == std::string_view::npos) return;
    lines.push_back(std::exchange(partial_, {}));
    bytes.remove_prefix(newline + 1);
  }
}

std::optional<std::string> LineBuffer::take_rest() {
  if (partial_.empty()) return std::nullopt;
  return std::exchange(partial_, {});
}

}  // namespace datamill::proc

#include "cli/transfer_progress.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view kEmptyLine = "\r\x1b[K";
constexpr std::size_t kNumbers = 50;

}  // namespace

TransferProgress::TransferProgress(const App& app, std::size_t files, std::int64_t bytes)
    : app_(app), files_(files), bytes_(bytes), last_(std::chrono::steady_clock::now()) {}

TransferProgress::~TransferProgress() {
  if (shown_ && app_.err.animation) ui::write_all(app_.err.fd, kEmptyLine);
}

void TransferProgress::file(const std::string& name) {
  ++file_;
  name_ = name;
  sent(0);
}

void TransferProgress::sent(std::int64_t bytes) {
  sent_ += bytes;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < (app_.err.animation ? 100ms : 20s)) return;
  last_ = now;
  show();
}

void TransferProgress::show() {
  if (app_.options.quiet || app_.json()) return;
  shown_ = true;
  const auto text = fmt::format("{} of {} files, {} of {}: ", file_, files_, support::format_bytes(sent_),
                                support::format_bytes(bytes_));
  if (!app_.err.animation) return app_.say(text + name_);
  const auto width = static_cast<std::size_t>(std::max(app_.err.width, 1));
  const auto room = width > kNumbers + 20 ? width - kNumbers : 20;
  ui::write_text(app_.err, fmt::format("{}{}{}", kEmptyLine, text, support::elide_middle(name_, room)));
}

}  // namespace datamill::cli

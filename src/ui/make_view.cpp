#include "ui/view.hpp"

namespace datamill::ui {

std::unique_ptr<exec::EventSink> make_view(const ViewOptions& options) {
  constexpr int kStdout = 1;
  const int fd = options.json ? kStdout : options.terminal.fd;
  ViewContext context{.terminal = options.terminal,
                      .verbosity = options.verbosity,
                      .write = [fd](std::string_view text) { write_all(fd, text); },
                      .size = [fd] { return screen_size(fd); },
                      .now = [] { return proc::Clock::now(); }};
  if (options.json) return make_json_view(std::move(context));
  const bool animate = options.terminal.animation && options.verbosity != Verbosity::quiet;
  return animate ? make_tty_view(std::move(context)) : make_plain_view(std::move(context));
}

}  // namespace datamill::ui

#include "ui/view.hpp"

namespace datamill::ui {

std::unique_ptr<exec::EventSink> make_view(const ViewOptions& options) {
  const auto& terminal = options.terminal;
  ViewContext context{.terminal = terminal,
                      .verbosity = options.verbosity,
                      .write = [terminal](std::string_view text) { write_text(terminal, text); },
                      .size = [fd = terminal.fd] { return screen_size(fd); },
                      .now = [] { return proc::Clock::now(); }};
  if (options.json) return make_json_view(std::move(context));
  const bool animate = terminal.animation && options.verbosity != Verbosity::quiet;
  return animate ? make_tty_view(std::move(context)) : make_plain_view(std::move(context));
}

}  // namespace datamill::ui

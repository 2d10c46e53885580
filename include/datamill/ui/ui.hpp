#pragma once

#include "datamill/exec/event.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::ui {

enum class ColorMode : std::uint8_t { automatic, always, never };

/// What a stream can show. NO_COLOR, TERM=dumb and CI are honoured; --color always|never wins over them for colour.
/// Whether a terminal shows UTF-8 is what its locale says (locale(7): the first of LC_ALL, LC_CTYPE and LANG that is
/// not empty names the charset; none: plain C). Files, pipes and CI systems that set no locale get UTF-8.
struct Terminal {
  int fd = 2;
  bool is_terminal = false;
  bool color = false;
  bool animation = false;
  bool utf8 = true;  ///< where not, write_text() writes ASCII
  int width = 80;    ///< columns when detected; COLUMNS counts where the stream is no terminal
};
[[nodiscard]] Terminal detect_terminal(int fd, ColorMode mode, const support::Environment& environment);

enum class Verbosity : std::uint8_t {
  quiet,
  normal,
  commands,
  output
};  ///< -q, none, -v (commands), -vv (child output)

/// The view of a run: animated on a terminal, one line per change elsewhere (and with -q only what went wrong), JSON
/// lines on stdout for `-o json` (the fields are described in README). A run ends with a summary; failed steps are
/// reported when they fail and named again at the end.
struct ViewOptions {
  Terminal terminal{};  ///< where it writes: stdout for JSON
  Verbosity verbosity = Verbosity::normal;
  bool json = false;
};
[[nodiscard]] std::unique_ptr<exec::EventSink> make_view(const ViewOptions& options);

/// Writes text for people, all of it, as write_all() does. Where the terminal has no UTF-8 what is not ASCII gets a
/// stand-in: "->" for an arrow, "..." for an ellipsis, else a "?" for each column.
void write_text(const Terminal& terminal, std::string_view text);
/// Writes to a file descriptor, all of it; errors other than EPIPE are ignored, EPIPE ends output silently.
void write_all(int fd, std::string_view text);
/// Whether the reader of a pipe has gone: what is written there now is lost.
[[nodiscard]] bool reader_is_gone(int fd);

/// Diagnostics for people on `terminal`: warnings first, errors last, then a line that counts them if there are
/// several.
void print_diagnostics(const support::Diagnostics& diagnostics, const Terminal& terminal);
/// One JSON document and a newline: {"v":1,"type":"diagnostics","exit_code":2,"diagnostics":[{"severity","code",
/// "message","file","line","column","excerpt","hint","notes"}]}, in their order; "file" is "" for the command line.
[[nodiscard]] std::string diagnostics_json(const support::Diagnostics& diagnostics, int exit_code);

/// A table: first row is the header; columns are padded, the last one is not; lines are cut to `width` columns (0: not
/// cut, as `-o wide` wants). Control characters in cells are replaced.
[[nodiscard]] std::string render_table(const std::vector<std::vector<std::string>>& rows, int width);

/// Whether a question can be asked: `terminal` and stdin are terminals. Where not, commands need --yes.
[[nodiscard]] bool can_ask(const Terminal& terminal);
/// Asks on the terminal and reads one line of stdin; only "y" or "yes" is yes, whatever the case. False where nothing
/// can be asked and at the end of input.
/// @throws Failure DM601 with exit code 130 (SIGINT) or 143 (SIGTERM, SIGHUP) when a signal arrives.
[[nodiscard]] bool confirm(const std::string& question, const Terminal& terminal);

}  // namespace datamill::ui

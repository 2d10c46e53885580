#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace datamill::tests {

/// How a program ended and what it wrote.
struct ProgramResult {
  int exit_code = -1;  ///< -1 where a signal ended it
  int signal = 0;
  bool timed_out = false;  ///< it had to be killed by the test
  std::string out{};
  std::string err{};
  std::chrono::milliseconds elapsed{};
};

/// What of a program is a terminal of its own, 40 lines high and 120 columns wide.
enum class Terminal : unsigned char { none, in_and_err, all };

struct ProgramCall {
  std::vector<std::string> argv{};  ///< argv[0] is the path
  std::map<std::string, std::string> environment{};
  std::string working_directory{};
  std::string folder{};  ///< where its output is kept meanwhile
  Terminal terminal = Terminal::none;
  std::string out_file{};  ///< standard output goes there instead ("/dev/full")
};

/// A running program, in a session of its own: no terminal to ask on, and nothing of the tests' own terminal reaches
/// it.
class Program {
public:
  explicit Program(const ProgramCall& call);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// Types on its terminal.
  void type(const std::string& text) const;
  /// Makes its terminal as large as that, as a window that is dragged does.
  void resize(unsigned short lines, unsigned short columns) const;
  /// Whether its terminal echoes keys and makes a signal of Ctrl-C, as it did at the start.
  [[nodiscard]] bool terminal_is_as_before() const;
  /// Takes its terminal away, as a closed window or a lost connection does.
  void hang_up();
  [[nodiscard]] bool running();
  /// What it has written on standard error (on its terminal, where all is one, the output too) up to now.
  [[nodiscard]] std::string err_so_far();
  /// Waits for its end; kills it after `limit`.
  [[nodiscard]] ProgramResult wait(std::chrono::seconds limit = std::chrono::seconds{60});

private:
  void read_terminal();
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
  int terminal_ = -1;
  std::string terminal_text_{};
  std::string out_path_{};
  std::string err_path_{};
  std::chrono::steady_clock::time_point started_{};
};

}  // namespace datamill::tests

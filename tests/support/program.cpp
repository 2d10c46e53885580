#include "support/program.hpp"

#include "support/temp_folder.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <termios.h>
#include <thread>
#include <utility>

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace datamill::tests {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const auto& text : texts)
    result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

int open_terminal() {
  const int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0) throw std::runtime_error("no terminal");
  const winsize size{.ws_row = 40, .ws_col = 120, .ws_xpixel = 0, .ws_ypixel = 0};
  ioctl(fd, TIOCSWINSZ, &size);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

/// In the child, before exec: `descriptors` become 0, 1 and 2.
void connect(const std::array<int, 3>& descriptors) {
  for (int i = 0; i < 3; ++i) {
    if (dup2(descriptors.at(static_cast<std::size_t>(i)), i) < 0) _exit(126);
  }
}

}  // namespace

Program::Program(const ProgramCall& call)
    : out_path_(call.folder + "/stdout"), err_path_(call.folder + "/stderr"), started_(Clock::now()) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : call.environment)
    variables.push_back(name + "=" + value);
  const auto argv = pointers(call.argv);
  const auto environment = pointers(variables);
  std::string terminal_name;
  if (call.terminal != Terminal::none) {
    terminal_ = open_terminal();
    std::array<char, 128> name{};
    if (ptsname_r(terminal_, name.data(), name.size()) != 0) throw std::runtime_error("ptsname_r");
    terminal_name = name.data();
  }
  const auto out_file = call.out_file.empty() ? out_path_ : call.out_file;
  constexpr int kCreate = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  const int out = open(out_file.c_str(), kCreate, 0600);
  const int err = open(err_path_.c_str(), kCreate, 0600);
  const int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    setsid();
    if (!call.working_directory.empty() && chdir(call.working_directory.c_str()) != 0) _exit(126);
    if (terminal_name.empty()) {
      connect({none, out, err});
    } else {
      const int tty = open(terminal_name.c_str(), O_RDWR);  // it becomes the controlling terminal
      connect({tty, call.terminal == Terminal::all ? tty : out, tty});
    }
    execve(argv[0], argv.data(), environment.data());
    _exit(127);
  }
  for (const int fd : {out, err, none})
    close(fd);
}

Program::~Program() {
  if (running()) {
    kill(-pid_, SIGKILL);
    waitpid(pid_, &status_, 0);
  }
  if (terminal_ >= 0) close(terminal_);
}

void Program::signal(int number) const {
  kill(pid_, number);
}

void Program::type(const std::string& text) const {
  if (write(terminal_, text.data(), text.size()) < 0) throw std::runtime_error("typing");
}

void Program::resize(unsigned short lines, unsigned short columns) const {
  const winsize size{.ws_row = lines, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  if (ioctl(terminal_, TIOCSWINSZ, &size) != 0) throw std::runtime_error("resizing");
}

bool Program::terminal_is_as_before() const {
  termios modes{};
  if (tcgetattr(terminal_, &modes) != 0) throw std::runtime_error("tcgetattr");
  return (modes.c_lflag & ECHO) != 0 && (modes.c_lflag & ISIG) != 0;
}

void Program::hang_up() {
  read_terminal();
  close(terminal_);
  terminal_ = -1;
}

bool Program::running() {
  if (!ended_ && waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
  return !ended_;
}

void Program::read_terminal() {
  std::array<char, 4096> buffer{};
  for (auto size = read(terminal_, buffer.data(), buffer.size()); size > 0;
       size = read(terminal_, buffer.data(), buffer.size()))
    terminal_text_.append(buffer.data(), static_cast<std::size_t>(size));
}

std::string Program::err_so_far() {
  if (terminal_ < 0 && terminal_text_.empty()) return TempFolder::read(err_path_);
  if (terminal_ >= 0) read_terminal();
  return terminal_text_;
}

ProgramResult Program::wait(std::chrono::seconds limit) {
  ProgramResult result;
  const auto end = Clock::now() + limit;
  while (running()) {
    if (terminal_ >= 0) read_terminal();
    if (Clock::now() > end) {
      result.timed_out = true;
      kill(-pid_, SIGKILL);
      waitpid(pid_, &status_, 0);
      ended_ = true;
    }
    std::this_thread::sleep_for(2ms);
  }
  result.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_);
  if (WIFEXITED(status_)) result.exit_code = WEXITSTATUS(status_);
  if (WIFSIGNALED(status_)) result.signal = WTERMSIG(status_);
  result.out = TempFolder::read(out_path_);
  result.err = err_so_far();
  return result;
}

}  // namespace datamill::tests

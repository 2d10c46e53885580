#include "proc/launch.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::proc {
namespace {

/// Everything the child needs between vfork and execve, where it must not allocate.
struct ChildSetup {
  const char* executable = nullptr;
  char* const* argv = nullptr;
  char* const* envp = nullptr;
  const char* cwd = nullptr;
  int in = -1;  ///< what the child gets as 0, 1 and 2; -1 leaves ours
  int out = -1;
  int err = -1;
  bool own_group = true;
  bool outlives_us = false;
  pid_t parent = 0;
  int error_pipe = -1;
};

bool put_stream(int from, int to) {
  return from < 0 || dup2(from, to) >= 0;
}

void reset_signals() {
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal != SIGKILL && signal != SIGSTOP) (void)sigaction(signal, &standard, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  (void)pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

/// Runs in the child, on the parent's memory: system calls only.
[[noreturn]] void become(const ChildSetup& setup) {
  const bool grouped = !setup.own_group || (setup.outlives_us ? setsid() > 0 : setpgid(0, 0) == 0);
  const bool tied = setup.outlives_us || prctl(PR_SET_PDEATHSIG, SIGTERM) == 0;
  // The parent died before the signal was armed.
  if (!setup.outlives_us && getppid() != setup.parent) _exit(127);
  if (grouped && tied && put_stream(setup.in, 0) && put_stream(setup.out, 1) && put_stream(setup.err, 2) &&
      (setup.cwd == nullptr || chdir(setup.cwd) == 0)) {
    // Kernels before 5.11 lack this; what we open ourselves is close-on-exec anyway.
    (void)syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
    reset_signals();
    execve(setup.executable, setup.argv, setup.envp);
  }
  const int error = errno;
  (void)!write(setup.error_pipe, &error, sizeof error);
  _exit(127);
}

/// No locals of its own that the child could change under the parent's feet.
__attribute__((noinline)) pid_t spawn(const ChildSetup& setup) {
  // NOLINTNEXTLINE(bugprone-unsafe-functions): posix_spawn cannot set the death signal
  const pid_t pid = vfork();
  if (pid == 0) become(setup);
  return pid;
}

int read_error(const Fd& pipe) {
  int error = 0;
  ssize_t count = -1;
  do {
    count = ::read(pipe.get(), &error, sizeof error);
  } while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof error) ? error : 0;
}

void reap(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::vector<std::string> environment_of(const command::Command& command, const Variables& marks) {
  std::vector<std::string> variables;
  const auto has = [](const Variables& additions, std::string_view name) {
    return std::any_of(additions.begin(), additions.end(),
                       [&](const auto& addition) { return addition.first == name; });
  };
  const auto is_replaced = [&](std::string_view variable) {
    const auto name = variable.substr(0, variable.find('='));
    return has(command.env, name) || has(marks, name);
  };
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!is_replaced(*variable)) variables.emplace_back(*variable);
  }
  for (const auto* additions : {&marks, &command.env}) {
    for (const auto& [name, value] : *additions)
      variables.push_back(fmt::format("{}={}", name, value));
  }
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// vfork with all signals blocked, so that no handler runs in the child on our memory.
Launched spawn_checked(ChildSetup& setup) {
  Pipe errors = make_pipe();
  if (errors.error != 0) return {.error = errors.error};
  setup.error_pipe = errors.write_end.get();
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const pid_t pid = spawn(setup);
  const int fork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return {.error = fork_error};
  errors.write_end = Fd{};
  if (const int error = read_error(errors.read_end); error != 0) {
    reap(pid);
    return {.error = error};
  }
  Fd pidfd{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
  if (pidfd.is_open()) return {.pid = pid, .pidfd = std::move(pidfd)};
  const int error = errno;
  (void)kill(setup.own_group ? -pid : pid, SIGKILL);
  reap(pid);
  return {.error = error};
}

}  // namespace

ChildPipes make_pipes(const command::ResolvedCommand& command) {
  ChildPipes pipes;
  if (command.command().interactive) return pipes;
  pipes.out = make_pipe();
  pipes.err = make_pipe();
  if (command.has_stdin()) {
    pipes.in = make_pipe();
    if (const auto* file = command.stdin_file()) {
      pipes.file = open_file(file->path.c_str());
      if (!pipes.file.is_open()) pipes.error = errno;
    }
  } else {
    pipes.null = open_null();
    if (!pipes.null.is_open()) pipes.error = errno;
  }
  for (const int error : {pipes.in.error, pipes.out.error, pipes.err.error}) {
    if (error != 0) pipes.error = error;
  }
  return pipes;
}

Launched launch(const command::ResolvedCommand& resolved, const ChildPipes& pipes, Bond bond, const Variables& marks) {
  const command::Command& command = resolved.command();
  // A bare name would be looked up in the working directory.
  if (resolved.executable().find('/') == std::string::npos) return {.error = ENOENT};
  std::vector<std::string> arguments{resolved.executable()};
  arguments.insert(arguments.end(), command.args.begin(), command.args.end());
  std::vector<std::string> environment = environment_of(command, marks);
  const std::vector<char*> argv = pointers_to(arguments);
  const std::vector<char*> envp = pointers_to(environment);
  ChildSetup setup{.executable = resolved.executable().c_str(),
                   .argv = argv.data(),
                   .envp = envp.data(),
                   .cwd = command.cwd.empty() ? nullptr : command.cwd.c_str(),
                   .in = pipes.null.is_open() ? pipes.null.get() : pipes.in.read_end.get(),
                   .out = pipes.out.write_end.get(),
                   .err = pipes.err.write_end.get(),
                   .own_group = !command.interactive,
                   .outlives_us = bond == Bond::none,
                   .parent = getpid()};
  return spawn_checked(setup);
}

}  // namespace datamill::proc

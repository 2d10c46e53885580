#pragma once

#include "datamill/proc/make_runner.hpp"
#include "support/temp_folder.hpp"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace datamill::test {

using Folder = tests::TempFolder;

[[nodiscard]] inline std::string read_file(const std::string& path) {
  return Folder::read(path);
}

/// Writes a file that may be executed, or not.
inline std::string write_with_mode(const Folder& folder, const std::string& name, std::filesystem::perms mode) {
  std::string path = folder.write(name, "x");
  std::filesystem::permissions(path, mode);
  return path;
}

/// Commands of these tests have no symbols.
class NoSymbols final : public command::SymbolLookup {
public:
  [[nodiscard]] command::Secret secret(const command::SecretRef&) const override { throw std::logic_error{"secret"}; }
  [[nodiscard]] std::string output(const command::OutputRef&) const override { throw std::logic_error{"output"}; }
};

[[nodiscard]] inline command::ResolvedCommand resolved(command::Command command) {
  std::string executable = command.program;
  return command::CommandResolver::resolve(command, std::move(executable), NoSymbols{});
}

[[nodiscard]] inline command::ResolvedCommand shell(std::string script) {
  return resolved({.program = "/bin/sh", .args = {"-c", std::move(script)}});
}

struct ChildResult {
  std::vector<std::string> out{};
  std::vector<std::string> err{};
  proc::Outcome outcome{};
  [[nodiscard]] int exit_code() const {
    const auto* exited = std::get_if<proc::Exited>(&outcome);
    return exited == nullptr ? -1 : exited->code;
  }
  [[nodiscard]] int signal() const {
    const auto* signalled = std::get_if<proc::Signalled>(&outcome);
    return signalled == nullptr ? -1 : signalled->signal;
  }
  [[nodiscard]] int start_error() const {
    const auto* not_started = std::get_if<proc::NotStarted>(&outcome);
    return not_started == nullptr ? -1 : not_started->error;
  }
};

/// Collects what one child prints until it ends; no test waits longer than half a minute.
[[nodiscard]] inline ChildResult collect(proc::Runner& runner, proc::ChildId id) {
  ChildResult result;
  const auto deadline = runner.now() + std::chrono::seconds{30};
  while (true) {
    auto event = runner.wait(deadline);
    if (auto* line = std::get_if<proc::OutputLine>(&event); line != nullptr && line->child == id) {
      (line->stream == proc::Stream::out ? result.out : result.err).push_back(std::move(line->text));
    } else if (auto* ended = std::get_if<proc::ChildEnded>(&event); ended != nullptr && ended->child == id) {
      result.outcome = ended->outcome;
      return result;
    } else if (std::holds_alternative<proc::DeadlineReached>(event)) {
      throw std::runtime_error{"the child did not end"};
    }
  }
}

[[nodiscard]] inline ChildResult run_child(proc::Runner& runner, const command::ResolvedCommand& command) {
  runner.start(1, command);
  return collect(runner, 1);
}

/// The next line that the child prints.
[[nodiscard]] inline std::string next_line(proc::Runner& runner) {
  const auto deadline = runner.now() + std::chrono::seconds{30};
  while (true) {
    auto event = runner.wait(deadline);
    if (auto* line = std::get_if<proc::OutputLine>(&event)) return line->text;
    if (!std::holds_alternative<proc::Interrupted>(event)) throw std::runtime_error{"no line came"};
  }
}

/// True once a process is gone or only waits to be reaped by somebody.
[[nodiscard]] inline bool is_gone(pid_t pid) {
  std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
  std::stringstream text;
  text << stat.rdbuf();
  const auto name_end = text.str().rfind(')');
  return name_end == std::string::npos || text.str().at(name_end + 2) == 'Z';
}

/// Waits up to ten seconds.
[[nodiscard]] inline bool goes_away(pid_t pid) {
  for (int i = 0; i < 1000 && !is_gone(pid); ++i)
    usleep(10000);
  return is_gone(pid);
}

[[nodiscard]] inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"})
    ++count;
  return count;
}

}  // namespace datamill::test

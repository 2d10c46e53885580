#pragma once

#include "datamill/command/secret.hpp"

#include <chrono>
#include <csignal>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace datamill::command {

struct NoStdin {
  friend bool operator==(const NoStdin&, const NoStdin&) = default;
};

/// A file of any size between two texts; it is read while the command runs and never held in memory.
struct StdinFile {
  std::string before{};
  std::string path{};
  std::string after{};
  friend bool operator==(const StdinFile&, const StdinFile&) = default;
};

/// How a running command is asked to end: `first` to its process group (or only to itself), SIGKILL after `grace`.
struct StopPolicy {
  int first = SIGTERM;
  bool whole_group = true;
  std::chrono::seconds grace{5};
  friend bool operator==(const StopPolicy&, const StopPolicy&) = default;
};

/// One command line as a value. No shell is ever involved. `program` is a tool's name ("helm"); the runner's caller
/// turns it into a path. Secrets can only be in `stdin_text`: there is no way to put one into `args` or `env`.
struct Command {
  std::string program{};
  std::vector<std::string> args{};
  std::vector<std::pair<std::string, std::string>> env{};  ///< additions to the inherited environment
  std::string cwd{};                                       ///< "" = ours
  std::variant<NoStdin, SymbolicText, StdinFile> stdin_text{};
  bool sensitive_output = false;  ///< stdout goes to the step alone: never to views, logs or files
  StopPolicy stop{};
  bool interactive = false;  ///< runs alone, in our process group, with the terminal

  /// Appends a flag and its value: `--name value`. Fluent.
  Command& flag(std::string_view name, std::string value) {
    args.emplace_back(name);
    args.push_back(std::move(value));
    return *this;
  }
  Command& arg(std::string value) {
    args.push_back(std::move(value));
    return *this;
  }

  friend bool operator==(const Command&, const Command&) = default;
};

/// Quotes for a POSIX shell: what `sh` reads back as one word is exactly `text` (which holds no NUL byte).
[[nodiscard]] std::string shell_quote(std::string_view text);

/// Replaces path prefixes by symbols where a command is printed for people: {"/home/x/.local/state/datamill",
/// "$STATE"}. Longer prefixes must come first; only whole path components are replaced.
struct PathSymbols {
  std::vector<std::pair<std::string, std::string>> prefixes{};
  [[nodiscard]] std::string apply(std::string_view text) const;
};

/// The one rendering of a command: `plan`, --dry-run, -v, the journal and failure messages all use it. Stdin shows as
/// a here-document with symbols in place of secrets: `helm upgrade ... <<'EOF'\n...\nEOF` (which adds a final newline
/// where the text has none). Environment additions stand before the program, a working directory as `(cd DIR && ...)`.
/// With `symbols`, paths are shortened and nothing is lost but the machine's own folders. No newline at the end.
struct ShellStyle {
  PathSymbols symbols{};
  bool with_stdin = true;       ///< false: "< (stdin: 12 lines)" instead of the here-document
  bool discard_output = false;  ///< adds ">/dev/null", for commands in scripts that would print secrets
};
[[nodiscard]] std::string to_shell(const Command& command, const ShellStyle& style = {});

/// A command with all symbols replaced and the program's path known. Only resolve() makes one; only proc/ runs one.
class ResolvedCommand {
public:
  [[nodiscard]] const Command& command() const { return command_; }
  [[nodiscard]] const std::string& executable() const { return executable_; }
  [[nodiscard]] bool has_stdin() const { return has_stdin_; }
  /// All of it, or what stands before a file.
  [[nodiscard]] const Secret& stdin_text() const { return stdin_; }
  /// nullptr where no file is fed.
  [[nodiscard]] const StdinFile* stdin_file() const { return std::get_if<StdinFile>(&command_.stdin_text); }

private:
  friend class CommandResolver;
  Command command_{};
  std::string executable_{};
  bool has_stdin_ = false;
  Secret stdin_{};
};

/// Looks up what a symbol stands for while steps run.
class SymbolLookup {
public:
  virtual ~SymbolLookup() = default;
  /// @throws Failure DM510 where the value is not known.
  [[nodiscard]] virtual Secret secret(const SecretRef& ref) const = 0;
  [[nodiscard]] virtual std::string output(const OutputRef& ref) const = 0;
};

/// The only maker of ResolvedCommand.
class CommandResolver {
public:
  /// @throws Failure DM510 (symbol not known), DM512 (a NUL byte in an argument, or an impossible variable name).
  [[nodiscard]] static ResolvedCommand resolve(const Command& command, std::string executable,
                                               const SymbolLookup& symbols);
  [[nodiscard]] static Secret resolve_text(const SymbolicText& text, const SymbolLookup& symbols);
};

}  // namespace datamill::command

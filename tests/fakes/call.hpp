#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::fake {

/// How this process was called, as the tests read it back from the log.
struct Call {
  std::string tool{};               ///< name it was started under: "helm"
  std::vector<std::string> args{};  ///< without the program
  std::map<std::string, std::string> env{};
  bool has_input = false;
  std::string input{};  ///< all of standard input
  bool probe = false;   ///< asks for the version, as tools.yaml says

  /// The whole command line with single spaces: what rules match on.
  [[nodiscard]] std::string line() const;
};

[[nodiscard]] Call read_call(int argc, char** argv);

/// The call's log, one JSON document a line in $FAKE_LOG: {"event":"start",...} before anything is done, "signal" for
/// each signal that arrives, "end" last of all. Each line is one append, so calls that run side by side do not mix.
class CallLog {
public:
  explicit CallLog(const Call& call);
  void signal(int number) const;
  void end(int exit_code) const;

private:
  void append(std::string line) const;
  std::string path_{};
  std::string id_{};
};

/// Flags and words of a command line.
struct Words {
  std::vector<std::string> plain{};
  std::map<std::string, std::vector<std::string>> flags{};
  [[nodiscard]] bool has(const std::string& flag) const { return flags.count(flag) > 0; }
  /// The last value of a flag, or "".
  [[nodiscard]] std::string value(const std::string& flag) const;
};
/// `switches` are the flags without a value; all others take the next word, unless they are written `--flag=value`.
[[nodiscard]] Words take_apart(const std::vector<std::string>& args, std::string_view switches);

/// The value of an environment variable, or "".
[[nodiscard]] std::string environment(const char* name);
/// All of a file, or "".
[[nodiscard]] std::string read_file(const std::string& path);
/// Writes through a temporary name, making the folder.
void write_file(const std::string& path, const std::string& text);

}  // namespace datamill::fake

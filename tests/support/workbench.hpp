#pragma once

#include "datamill/support/node.hpp"
#include "fakes/cluster.hpp"
#include "support/program.hpp"
#include "support/temp_folder.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::tests {

/// One call of a pretended tool, from tests/fakes' log. `started` and `ended` are places in the log: what ended before
/// something else started has the smaller number.
struct ToolCall {
  std::string tool{};
  std::vector<std::string> args{};
  std::map<std::string, std::string> env{};
  std::optional<std::string> input{};
  bool probe = false;
  pid_t pid = 0;
  std::size_t started = 0;
  std::optional<std::size_t> ended{};
  int exit_code = -1;
  std::vector<int> signals{};

  /// "helm upgrade notebook ..."
  [[nodiscard]] std::string line() const;
  /// Whether `line()` has the text.
  [[nodiscard]] bool has(std::string_view text) const;
  /// Reads of clusters and versions change nothing.
  [[nodiscard]] bool changes_something() const;
};

/// A home, a state folder, a cache and pretended tools for one test. Nothing outside of its folder is written.
class Workbench {
public:
  Workbench();

  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  [[nodiscard]] std::string home() const { return folder_.path("home"); }
  [[nodiscard]] std::string state() const { return home() + "/.local/state/datamill"; }
  [[nodiscard]] std::string cache() const { return home() + "/.cache/datamill"; }
  [[nodiscard]] std::string cluster_folder() const { return state() + "/clusters/local-datamill"; }
  [[nodiscard]] std::string kubeconfig() const { return cluster_folder() + "/kubeconfig"; }

  std::map<std::string, std::string> environment{};  ///< of all programs; tests may change it
  std::string working_directory{};

  /// Runs datamill with `-t kwok` where `arguments` name no target.
  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments);
  [[nodiscard]] std::unique_ptr<Program> start(std::vector<std::string> arguments, Terminal terminal = Terminal::none);
  /// run() of a line without quotes: run("install -f quickstart -t kwok").
  [[nodiscard]] ProgramResult operator()(std::string_view line);

  /// Rules of tests/fakes/rules.hpp, one JSON document each.
  void rules(const std::vector<std::string>& lines) const;
  /// All calls up to now.
  [[nodiscard]] std::vector<ToolCall> calls() const;
  /// Calls since the last forget_calls() for which `wanted` holds.
  [[nodiscard]] std::vector<ToolCall> calls(const std::function<bool(const ToolCall&)>& wanted) const;
  [[nodiscard]] std::size_t count(std::string_view text) const;
  /// Lines of the calls that may have changed something.
  [[nodiscard]] std::vector<std::string> changes() const;
  void forget_calls() const;
  /// Waits until a call that has `text` in its line has started. False after ten seconds.
  [[nodiscard]] bool wait_for_call(std::string_view text) const;

  /// The pretended cluster behind a kubeconfig; the local one by default.
  [[nodiscard]] fake::Cluster cluster(const std::string& kubeconfig = {}) const;
  /// The plain value of one key of a Secret, "" where there is none.
  [[nodiscard]] std::string secret(const std::string& ns, const std::string& name, const std::string& key) const;
  /// The record of a component in the cluster, null where there is none.
  [[nodiscard]] support::Node record(const std::string& component, const std::string& ns = "data-mill") const;
  /// Newest revision of a release, 0 where there is none.
  [[nodiscard]] int revision(const std::string& release, const std::string& ns = "data-mill") const;

  /// A data root of its own: everything as in the repository, plus `files` (path below the root -> text).
  [[nodiscard]] std::string make_root(const std::map<std::string, std::string>& files) const;

private:
  TempFolder folder_{};
  int runs_ = 0;
};

/// One JSON document. Fails the test where there is anything else.
[[nodiscard]] support::Node json_document(const std::string& text);

}  // namespace datamill::tests

#pragma once

#include "cli/app.hpp"
#include "cli/cluster_lease.hpp"
#include "cli/run_lock.hpp"
#include "datamill/domain/workspace.hpp"
#include "datamill/exec/capture.hpp"
#include "datamill/exec/executor.hpp"
#include "datamill/planner/context.hpp"
#include "datamill/planner/provider.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/toolbox/toolbox.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// One command's work on one cluster: configuration, provider, tools, snapshot, runs. Commands ask it in the order
/// they need things; nothing is started before they do.
class Session {
public:
  enum class Use : unsigned char { cluster, configuration };  ///< with a target, or only reading files

  /// Loads the configuration; with Use::cluster also chooses the provider. Warnings are printed.
  /// @throws Failure exit 2 with every problem found
  Session(App& app, Use use, bool everything = false);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] App& app() { return app_; }
  [[nodiscard]] const App& app() const { return app_; }
  [[nodiscard]] const domain::Workspace& workspace() const { return *workspace_; }
  [[nodiscard]] const domain::Target& target() const { return target_; }
  [[nodiscard]] const planner::Provider& provider() const { return *provider_; }
  [[nodiscard]] const std::string& provider_reason() const { return choice_.why; }
  [[nodiscard]] const domain::ClusterSnapshot& snapshot() const { return snapshot_; }
  [[nodiscard]] planner::ClusterState cluster_state() const { return cluster_state_; }
  [[nodiscard]] const domain::KubeAccess& access() const { return access_; }
  [[nodiscard]] planner::Context context() const;
  [[nodiscard]] const std::map<std::string, std::string>& tool_paths() const { return tool_paths_; }
  [[nodiscard]] toolbox::Toolbox& toolbox();
  /// Gets tools that the command needs besides those of get_tools(). @throws Failure exit 3
  void get_tools(const std::vector<std::string>& names);
  [[nodiscard]] proc::Runner& runner();

  /// Folder symbols for text that is the same on every machine.
  [[nodiscard]] command::PathSymbols symbols() const;

  /// kubectl, helm and what the provider runs; gets what is missing.
  /// @throws Failure exit 3
  void get_tools();
  /// Uses the tools that are there; false where kubectl is not.
  [[nodiscard]] bool look_for_tools();
  void take_lock();
  /// Names the kubeconfig's current context in access(), where the target names none. @throws Failure exit 2
  void resolve_context();

  [[nodiscard]] const planner::Places& places() const { return places_; }

  /// Reads the cluster: true if it answers. @throws Failure exit 4 where an existing cluster does not, exit 7 where it
  /// is another one than before
  bool read_cluster();
  /// Writes down which cluster this is, for the check of later runs.
  void pin_identity();
  /// How many steps run at a time: as asked for, or as the machine allows.
  [[nodiscard]] std::size_t parallelism() const;
  /// Takes the lock in a cluster that others reach too, if the plan changes something. True where it was taken now and
  /// the cluster read anew: a plan made before may be of yesterday. @throws Failure exit 4, 6
  [[nodiscard]] bool lock_cluster(const plan::Plan& plan);
  /// Executes a plan with the view and the journal. An empty plan does nothing.
  [[nodiscard]] exec::RunResult execute(const plan::Plan& plan);
  /// Makes or starts the cluster and reads it. @throws Failure
  void ensure_cluster();
  /// The command with the path of its tool; it must need no symbols. @throws Failure DM510
  [[nodiscard]] command::ResolvedCommand resolve(const command::Command& command) const;
  /// Runs commands side by side, whatever they end with. @throws Failure DM601 when interrupted
  [[nodiscard]] std::vector<exec::CaptureResult> capture(const std::vector<command::Command>& commands);
  /// As capture(); reads that met passing trouble of the API server are asked again, with growing pauses, for 6 s.
  [[nodiscard]] std::vector<exec::CaptureResult> capture_patiently(const std::vector<command::Command>& commands);
  /// Runs one read command and returns its output. @throws Failure exit 4
  [[nodiscard]] std::string read(const command::Command& command, std::string_view what);

  /// "datamill install -f x.yaml": another command on the cluster and the flavour that the user typed. Commands that
  /// take a component as their argument take no -c.
  enum class Components : unsigned char { given, left_out };
  [[nodiscard]] std::string typed(std::string_view command, Components components = Components::given) const;

private:
  void load(bool everything, Use use);
  void choose_provider();
  /// What the provider says of its clusters, and whether images of ours get there.
  [[nodiscard]] domain::Facts promised_facts() const;
  [[nodiscard]] std::vector<std::string> own_flags() const;
  [[nodiscard]] planner::ClusterState state_on_disk() const;
  [[nodiscard]] planner::Surroundings surroundings() const;
  [[nodiscard]] std::string cluster_folder() const;
  void check_identity() const;
  [[nodiscard]] planner::NodeFacts facts_of_node() const;
  void refresh_cluster();
  void keep_tool(const toolbox::ToolStatus& status);
  /// The lock in a cluster that others reach too, before the first change of it. True where it was taken now.
  bool take_lease(const plan::Plan& plan);
  [[noreturn]] void report_unreachable(const std::string& command, const std::string& reason);

  App& app_;
  std::string root_{};
  std::optional<domain::Workspace> workspace_{};
  domain::Target target_{};
  const planner::Provider* provider_ = nullptr;
  planner::Choice choice_{};
  planner::Places places_{};
  domain::KubeAccess access_{};
  planner::ClusterState cluster_state_ = planner::ClusterState::absent;
  domain::ClusterSnapshot snapshot_{};
  std::map<std::string, std::string> tool_paths_{};
  int helm_major_ = 4;
  std::vector<std::string> stale_pid_files_{};
  std::unique_ptr<RunLock> lock_{};
  std::unique_ptr<proc::Runner> runner_{};
  std::unique_ptr<ClusterLease> lease_{};  ///< after the runner, which gives it back
  std::unique_ptr<toolbox::Toolbox> toolbox_{};
  std::unique_ptr<exec::EventSink> view_{};
  int runs_ = 0;
};

}  // namespace datamill::cli

#include "cli/commands/commands.hpp"
#include "cli/debug_run.hpp"
#include "cli/own_image.hpp"
#include "cli/pods.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <unistd.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;

namespace {

constexpr std::chrono::seconds kPatience{120};

void refuse_misfits(const Options& options) {
  if (options.pod.empty()) return;
  for (const auto& [flag, value] : {std::pair<std::string_view, const std::string&>{"--node", options.node},
                                    {"--service-account", options.service_account}}) {
    if (value.empty()) continue;
    throw Failure(ExitCode::usage, "DM040", fmt::format("{} does not go with --pod: the pod has its own", flag),
                  fmt::format("leave out {} or --pod", flag));
  }
}

[[noreturn]] void report_missing(std::string_view what, const std::string& wanted,
                                 const std::vector<std::string>& names) {
  auto hint = support::did_you_mean(wanted, names);
  if (hint.empty()) hint = fmt::format("there are: {}", support::elide_middle(support::join(names, ", "), 200));
  throw Failure(ExitCode::usage, "DM049", fmt::format("there is no {} \"{}\" in the cluster", what, wanted), hint);
}

/// The namespace to work in. Without -n, a flavour's namespace that is not there yet means "default".
std::string choose_namespace(const Session& session, const std::string& wanted) {
  if (session.snapshot().find_namespace(wanted) != nullptr) return wanted;
  if (session.app().options.k8s_namespace.empty() && session.app().options.pod.empty()) return "default";
  std::vector<std::string> names;
  for (const auto& ns : session.snapshot().namespaces)
    names.push_back(ns.name);
  report_missing("namespace", wanted, names);
}

/// A pod that is bound to a node which is not there could not even be removed: only a kubelet says that it ended.
void check_node(Session& session) {
  const auto& wanted = session.app().options.node;
  if (wanted.empty()) return;
  const auto names = support::split_list(session.read(inventory::node_names_read(session.access()), "the nodes"));
  if (std::find(names.begin(), names.end(), wanted) == names.end()) report_missing("node", wanted, names);
}

DebugRequest read_request(const Session& session) {
  const auto& app = session.app();
  const auto& words = app.options.arguments;
  DebugRequest request{.kind = words.front(),
                       .ns = session.workspace().project.k8s_namespace,
                       .pod = app.options.pod,
                       .words = {std::next(words.begin()), words.end()},
                       .terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1,
                       .patience = app.options.timeout.value_or(kPatience)};
  if (const auto slash = request.pod.find('/'); slash != std::string::npos) {
    request.ns = request.pod.substr(0, slash);
    request.pod.erase(0, slash + 1);
  }
  request.profile = read_debug_profile(request.kind, session.workspace().root, app.files);
  if (!app.options.debug_image.empty()) request.profile.image = app.options.debug_image;
  if (request.profile.shell.empty()) request.profile.shell = {"sh"};
  return request;
}

/// Ours where the cluster can have it: no registry is asked, and it has more tools.
void take_own_image(Session& session, DebugRequest& request) {
  if (!session.app().options.debug_image.empty() || request.profile.own.empty()) return;
  const auto image = bring_own_image(session, request.profile.own);
  if (image.empty()) return;
  request.profile.image = image;
  request.profile.shell = {"bash"};
}

}  // namespace

ExitCode debug_command(App& app) {
  Session session(app, Session::Use::cluster);
  refuse_misfits(app.options);
  refuse_simulated(session);
  auto request = read_request(session);
  reach_cluster(session);
  refuse_simulated(session);
  request.ns = choose_namespace(session, request.ns);
  check_node(session);
  take_own_image(session, request);
  const auto pods = session.read(inventory::debug_pods_read(session.access()), "the debugging pods");
  remove_leftovers(session, inventory::parse_debug_pods(pods));
  DebugRun debugging(session, std::move(request));
  debugging.start();
  const auto code = debugging.run();
  const auto removed = debugging.finish();
  return code == ExitCode::ok && !removed ? ExitCode::step_failed : code;
}

}  // namespace datamill::cli

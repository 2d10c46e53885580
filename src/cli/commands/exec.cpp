#include "cli/commands/commands.hpp"
#include "cli/foreground.hpp"
#include "cli/pods.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl_pods.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <unistd.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;

namespace {

void check_container(const inventory::Pod& pod, const std::string& wanted) {
  std::vector<std::string> names;
  for (const auto& container : pod.containers) {
    if (!container.init) names.push_back(container.name);
  }
  if (wanted.empty() || std::find(names.begin(), names.end(), wanted) != names.end()) return;
  const auto hint = support::did_you_mean(wanted, names);
  throw Failure(ExitCode::usage, "DM027", fmt::format("pod \"{}\" has no container \"{}\"", pod.name, wanted),
                hint.empty() ? fmt::format("its containers: {}", support::join(names, ", ")) : hint);
}

}  // namespace

/// Ends with the remote command's exit code, whatever that means there.
ExitCode exec_command(App& app) {
  Session session(app, Session::Use::cluster);
  refuse_simulated(session);
  reach_cluster(session);
  refuse_simulated(session);
  const auto belongings = find_component(session);
  const auto pods = usable_pods(session, belongings, read_objects(session, belongings));
  const auto& pod = pods.front();
  if (pods.size() > 1) app.say(fmt::format("in pod {}, one of {}: choose with --pod", pod.name, pods.size()));
  check_container(pod, app.options.container);
  tools::KubectlExec exec{.ns = pod.ns,
                          .pod = pod.name,
                          .container = app.options.container,
                          .terminal = isatty(STDIN_FILENO) == 1 && app.out.is_terminal,
                          .words = app.options.arguments};
  if (exec.words.empty()) exec.words = {"sh"};
  return exit_code_of(run_foreground(session.runner(), session.resolve(to_command(exec, session.access()))));
}

}  // namespace datamill::cli

#include "cli/commands/commands.hpp"
#include "cli/log_streams.hpp"
#include "cli/pods.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using inventory::ComponentObjects;
using support::ExitCode;
using support::Failure;

namespace {

void check_flags(const Options& options) {
  if (!options.follow || !options.previous) return;
  throw Failure(ExitCode::usage, "DM030",
                "--follow and --previous contradict each other: a log that ended does not grow",
                "leave out one of them");
}

void check_container(const Options& options, const ComponentObjects& objects) {
  std::vector<std::string> names;
  for (const auto& pod : objects.pods) {
    for (const auto& container : pod.containers)
      names.push_back(container.name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto& wanted = options.container;
  if (wanted.empty() || std::find(names.begin(), names.end(), wanted) != names.end()) return;
  const auto hint = support::did_you_mean(wanted, names);
  throw Failure(ExitCode::usage, "DM027", fmt::format("there is no container \"{}\"", wanted),
                hint.empty() ? fmt::format("containers: {}", support::join(names, ", ")) : hint);
}

/// Where nothing has written a log yet, the reason is what one wants to see.
void check_logs(const App& app, const inventory::Belongings& belongings, const ComponentObjects& objects) {
  support::Diagnostics diagnostics;
  diagnostics.error("DM025", {},
                    app.options.previous
                        ? fmt::format("no container of {} was restarted: there is no earlier log", belongings.component)
                        : fmt::format("no container of {} has started yet", belongings.component),
                    app.options.previous
                        ? "leave out --previous"
                        : fmt::format("`{} events {}` may say more", app.program, belongings.component));
  for (const auto& pod : objects.pods) {
    if (!app.options.pod.empty() && app.options.pod != pod.name) continue;
    for (const auto& container : pod.containers) {
      const bool meant = app.options.container.empty() || app.options.container == container.name;
      if (meant && (app.options.previous ? container.restarts > 0 : container.ever_ran())) return;
    }
    const auto why = inventory::why_not_ready(pod);
    diagnostics.items().front().notes.push_back(
        fmt::format("pod {}: {}{}{}", pod.name, pod.phase, why.empty() ? "" : ", ", why));
  }
  throw Failure(ExitCode::step_failed, std::move(diagnostics));
}

}  // namespace

ExitCode logs_command(App& app) {
  check_flags(app.options);
  Session session(app, Session::Use::cluster);
  refuse_simulated(session);
  reach_cluster(session);
  refuse_simulated(session);
  const auto belongings = find_component(session);
  const auto objects = read_objects(session, belongings);
  LogStreams streams(session, belongings);
  // Who follows may have come before the first pod.
  if (app.options.follow) return streams.follow(objects);
  if (objects.pods.empty()) fail_without_pods(session, belongings, objects);
  check_pod_name(session, objects);
  check_container(app.options, objects);
  check_logs(app, belongings, objects);
  return streams.print(objects);
}

}  // namespace datamill::cli

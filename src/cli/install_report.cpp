#include "cli/install_report.hpp"

#include "cli/plan_checks.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/planner/summary.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace datamill::cli {

using planner::ComponentSummary;
using support::Node;

namespace {

using Elapsed = std::chrono::milliseconds;

/// From a component's first start to its last end is not recorded; the sum of its steps is what it cost.
std::map<std::string, Elapsed> time_per_component(const plan::Plan& plan, const exec::RunResult& result) {
  std::map<std::string, Elapsed> times;
  for (const auto& step : plan.steps) {
    if (step.id < result.summary.step_elapsed.size()) times[step.component] += result.summary.step_elapsed[step.id];
  }
  return times;
}

std::string changes(const plan::Plan& plan, const std::map<std::string, Elapsed>& times) {
  std::string text;
  for (const auto& component : plan.components) {
    const auto time = times.find(component.name);
    const auto state =
        component.unchanged
            ? std::string("unchanged")
            : fmt::format("installed in {}", support::format_elapsed(time == times.end() ? Elapsed{} : time->second));
    text += fmt::format("  {:<18} {:<22} {}\n", component.name, state, component.reason);
  }
  return text;
}

/// The path is what the URL that `open` prints ends with.
std::string openings(const Session& session, const std::vector<ComponentSummary>& summaries) {
  std::string text;
  for (const auto& summary : summaries) {
    if (summary.service.empty() || session.snapshot().facts.simulated) continue;
    text += fmt::format("  {:<18} {}  # {}\n", summary.name,
                        session.typed("open " + summary.name, Session::Components::left_out), summary.path);
  }
  return text.empty() ? text : "Open\n" + text;
}

std::string credentials(const std::vector<ComponentSummary>& summaries) {
  std::string text;
  for (const auto& summary : summaries) {
    for (const auto& credential : summary.credentials)
      text += fmt::format("  {:<18} {}\n", summary.name, credential);
  }
  return text.empty() ? text : "Credentials\n" + text;
}

std::string notes(Session& session, const plan::Plan& plan, const std::vector<ComponentSummary>& summaries) {
  std::string text;
  for (const auto& summary : summaries) {
    for (const auto& line : support::split_lines(support::trim(summary.notes)))
      text += fmt::format("  {}\n", line);
  }
  for (const auto& note : plan.notes)
    text += fmt::format("  {}\n", note);
  if (!session.provider().remark.empty()) text += fmt::format("  {}\n", session.provider().remark);
  return text.empty() ? text : "Notes\n" + text;
}

std::string next_commands(Session& session) {
  return fmt::format("Next\n  {}\n  {}\n  export KUBECONFIG={}\n", session.typed("status"), session.typed("uninstall"),
                     command::shell_quote(session.access().kubeconfig));
}

std::string json_report(Session& session, const plan::Plan& plan, const std::vector<ComponentSummary>& summaries) {
  auto components = Node::sequence();
  for (const auto& component : plan.components) {
    auto node = Node::map();
    node.set("name", Node::text(component.name));
    node.set("namespace", Node::text(component.ns));
    node.set("reason", Node::text(component.reason));
    node.set("changed", Node::boolean(!component.unchanged));
    auto secrets = Node::sequence();
    for (const auto& summary : summaries) {
      if (summary.name != component.name) continue;
      for (const auto& credential : summary.credentials)
        secrets.items.push_back(Node::text(credential));
    }
    node.set("credentials", std::move(secrets));
    components.items.push_back(std::move(node));
  }
  auto report = Node::map();
  report.set("v", Node::integer(1));
  report.set("type", Node::text("installed"));
  report.set("cluster", Node::text(planner::describe_cluster(session.target())));
  report.set("kubeconfig", Node::text(session.access().kubeconfig));
  report.set("components", std::move(components));
  return support::write_json(report) + "\n";
}

}  // namespace

void report_install(Session& session, const plan::Plan& plan, const exec::RunResult& result) {
  const auto& app = session.app();
  const auto summaries = planner::summarize(session.context(), install_request(session).selection);
  if (app.json()) return app.print(json_report(session, plan, summaries));
  if (app.options.quiet) return;
  const auto unchanged = std::all_of(plan.components.begin(), plan.components.end(),
                                     [](const auto& component) { return component.unchanged; });
  const auto where = planner::describe_cluster(session.target());
  if (plan.steps.empty() && unchanged) {
    app.print(fmt::format("Nothing to do: {} of {} components are installed and unchanged on {}\n",
                          plan.components.size(), plan.components.size(), where));
    return;
  }
  std::string text = fmt::format("Installed on {}\n{}", where, changes(plan, time_per_component(plan, result)));
  text += openings(session, summaries);
  text += credentials(summaries) + notes(session, plan, summaries) + next_commands(session);
  app.print(text);
}

}  // namespace datamill::cli

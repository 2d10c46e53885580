#include "cli/commands/commands.hpp"
#include "cli/diagnosis.hpp"
#include "cli/pods.hpp"
#include "datamill/ui/finding_text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Node;

namespace {

std::string why_json(const Diagnosis& diagnosis) {
  auto pods = Node::map();
  pods.set("total", Node::integer(diagnosis.pods));
  pods.set("ready", Node::integer(diagnosis.ready));
  auto waiting = Node::sequence();
  for (const auto& pod : diagnosis.waiting) {
    auto item = Node::map();
    item.set("name", Node::text(pod.name));
    item.set("state", Node::text(pod.state));
    waiting.items.push_back(std::move(item));
  }
  pods.set("not_ready", std::move(waiting));
  auto findings = Node::sequence();
  for (const auto& finding : diagnosis.findings)
    findings.items.push_back(domain::finding_node(finding));
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("component", Node::text(diagnosis.belongings.component));
  document.set("namespace", Node::text(diagnosis.belongings.ns));
  document.set("well", Node::boolean(diagnosis.is_well()));
  document.set("pods", std::move(pods));
  document.set("findings", std::move(findings));
  return support::write_json(document) + "\n";
}

/// Where no rule knows the reason, what waits is said at least.
std::string unexplained(const App& app, const Diagnosis& diagnosis) {
  const auto& name = diagnosis.belongings.component;
  auto text = fmt::format("{}: {} of {} pods ready, and nothing says why\n", name, diagnosis.ready, diagnosis.pods);
  for (const auto& pod : diagnosis.waiting)
    text += fmt::format("  pod {}: {}\n", pod.name, pod.state);
  return text +
         fmt::format("  next:    it may only need a moment; `{} events {}` tells what was done\n", app.program, name);
}

std::string why_text(const App& app, const Diagnosis& diagnosis) {
  const auto& name = diagnosis.belongings.component;
  if (diagnosis.is_well()) {
    return diagnosis.pods == 0
               ? fmt::format("everything of {} is well; it has no pods that run\n", name)
               : fmt::format("everything of {} is well: {} of {} pods ready\n", name, diagnosis.ready, diagnosis.pods);
  }
  if (diagnosis.findings.empty()) return unexplained(app, diagnosis);
  auto text = fmt::format("{}: {} of {} pods ready\n", name, diagnosis.ready, diagnosis.pods);
  for (const auto& finding : diagnosis.findings)
    text += "\n" + ui::finding_text(finding, app.out);
  return text;
}

}  // namespace

ExitCode why_command(App& app) {
  Session session(app, Session::Use::cluster);
  reach_cluster(session);
  const auto diagnoses = diagnose_components(session, {find_component(session)});
  app.print(app.json() ? why_json(diagnoses.front()) : why_text(app, diagnoses.front()));
  return ExitCode::ok;
}

}  // namespace datamill::cli

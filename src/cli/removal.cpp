#include "cli/removal.hpp"

#include "datamill/inventory/snapshot_reads.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Node;

namespace {

std::string kept_text(const plan::Plan& plan) {
  std::string text;
  for (const auto& kept : plan.kept)
    text += fmt::format("  {}\n      {}\n", kept.what, kept.command);
  return text.empty() ? text : "Kept (each with the command that removes it)\n" + text;
}

std::string kept_json(const plan::Plan& plan, const plan::Plan& cleanup) {
  auto kept = Node::sequence();
  for (const auto& object : plan.kept) {
    auto node = Node::map();
    node.set("what", Node::text(object.what));
    node.set("command", Node::text(object.command));
    kept.items.push_back(std::move(node));
  }
  auto notes = Node::sequence();
  for (const auto& note : cleanup.notes)
    notes.items.push_back(Node::text(note));
  auto report = Node::map();
  report.set("v", Node::integer(1));
  report.set("type", Node::text("uninstalled"));
  report.set("kept", std::move(kept));
  report.set("notes", std::move(notes));
  return support::write_json(report) + "\n";
}

}  // namespace

planner::UninstallRequest destroy_request(const Session& session) {
  const auto& options = session.app().options;
  const auto cluster_goes = session.provider().refusal.empty();
  return {.everything = true,
          .purge_data = cluster_goes || options.purge_data,
          .purge_crds = cluster_goes || options.purge_crds};
}

ExitCode remove_components(Session& session, const planner::UninstallRequest& request, const plan::Plan& plan) {
  const auto& app = session.app();
  const auto result = session.execute(plan);
  if (!result.ok()) return exec::exit_code_of(result);
  const auto before = session.context();
  std::map<std::string, std::vector<inventory::LeftoverObject>> leftovers;
  for (const auto& ns : planner::touched_namespaces(before, plan)) {
    const auto output =
        session.read(inventory::leftover_read(ns, session.access()), fmt::format("what is left in namespace {}", ns));
    leftovers.emplace(ns, inventory::parse_leftovers(output));
  }
  const auto cleanup = planner::plan_cleanup(before, request, leftovers);
  const auto cleaned = session.execute(cleanup);
  if (!cleaned.ok()) return exec::exit_code_of(cleaned);
  if (app.json()) {
    app.print(kept_json(plan, cleanup));
    return ExitCode::ok;
  }
  if (app.options.quiet) return ExitCode::ok;
  std::string text = plan.components.empty() ? std::string("Nothing to uninstall\n") : kept_text(plan);
  for (const auto& note : cleanup.notes)
    text += fmt::format("Note: {}\n", note);
  app.print(text);
  return ExitCode::ok;
}

}  // namespace datamill::cli

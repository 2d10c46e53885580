#include "cli/commands/commands.hpp"
#include "cli/live_diff.hpp"
#include "cli/plan_checks.hpp"
#include "cli/pods.hpp"
#include "datamill/inventory/status_read.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using support::Diagnostics;
using support::ExitCode;
using support::Failure;

namespace {

struct ClusterKinds {
  Kinds kinds{};
  planner::RenderFor render_for{};
};

/// Kinds of Kubernetes itself are known to helm; those that were added are told to charts.
ClusterKinds read_kinds(Session& session) {
  const auto results =
      session.capture({tools::api_resources(session.access()), inventory::version_read(session.access())});
  ClusterKinds known{.kinds = parse_kinds(results[0].out)};
  if (known.kinds.empty())
    throw Failure(ExitCode::unreachable, "DM570", "the cluster does not say which kinds of objects it knows",
                  "check that it runs: datamill status");
  known.render_for.kube_version = inventory::parse_version(results[1].out);
  for (const auto& [kind, namespaced] : known.kinds) {
    const auto version = kind.substr(0, kind.find(' '));
    const auto group = version.substr(0, version.find('/'));
    if (group == version || !support::contains(group, ".") || group.ends_with(".k8s.io")) continue;
    auto& versions = known.render_for.api_versions;
    if (std::find(versions.begin(), versions.end(), version) == versions.end()) versions.push_back(version);
    versions.push_back(fmt::format("{}/{}", version, kind.substr(kind.find(' ') + 1)));
  }
  return known;
}

/// Components that are named, or all of the flavour; what they need is resolved with them and left out here.
std::vector<planner::ComponentRendering> wanted_components(Session& session, const planner::RenderFor& render_for) {
  Diagnostics diagnostics;
  const auto request = install_request(session);
  auto renderings = planner::plan_renderings(session.context(), request, render_for, diagnostics);
  if (!renderings) (void)checked(session.app(), std::nullopt, std::move(diagnostics));
  const auto& named = request.selection.only;
  std::erase_if(*renderings, [&](const planner::ComponentRendering& rendering) {
    return !named.empty() && std::find(named.begin(), named.end(), rendering.component) == named.end();
  });
  return std::move(*renderings);
}

void fail_on_problems(const std::vector<DiffComponent>& components) {
  Diagnostics diagnostics;
  for (const auto& component : components) {
    for (const auto& problem : component.problems)
      diagnostics.error("DM870", {}, fmt::format("{} cannot be compared: {}", component.name, problem),
                        "what stands here would fail in the same way while installing");
  }
  if (diagnostics.has_errors()) throw Failure(ExitCode::step_failed, std::move(diagnostics));
}

}  // namespace

ExitCode diff_command(App& app) {
  if (app.options.needs_flavour) refuse_without_flavour(app);
  Session session(app, Session::Use::cluster);
  reach_cluster(session);
  const auto known = read_kinds(session);
  const auto rendered = render(session, wanted_components(session, known.render_for), RenderScope::everything);
  const auto components = diff_live(session, rendered, known.kinds);
  if (app.json())
    app.print(diff_json(components));
  else
    app.print(diff_text(components, session.typed("install --reinstall", Session::Components::left_out)));
  fail_on_problems(components);
  const auto differs =
      std::any_of(components.begin(), components.end(), [](const DiffComponent& c) { return c.differs(); });
  // Exit 2 means "something would change", as `plan --detailed-exitcode` has it; errors are 1 then.
  return app.options.detailed_exitcode && differs ? ExitCode::usage : ExitCode::ok;
}

}  // namespace datamill::cli

#include "cli/offers.hpp"

#include "datamill/config/load_workspace.hpp"
#include "datamill/inventory/component_objects.hpp"
#include "datamill/planner/lifecycle.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using planner::Offer;
using planner::Offers;
using support::ExitCode;
using support::Failure;

namespace {

/// The installed components that this data root knows, in the namespace that is meant.
std::vector<std::string> installed(const Session& session) {
  std::vector<std::string> names;
  const auto& workspace = session.workspace();
  for (const auto& entry : session.snapshot().inventory) {
    const auto known = workspace.catalogue.find(entry.component);
    const bool usable = known != workspace.catalogue.end() && !known->second.retired();
    if (!entry.kept && usable && entry.ns == workspace.project.k8s_namespace) names.push_back(entry.component);
  }
  return names;
}

}  // namespace

Offers read_offers(const Session& session) {
  planner::SelectionRequest request;
  if (session.workspace().flavour_file.empty()) {
    request.only = installed(session);
    request.with_needs = false;
    if (request.only.empty()) return {};
  }
  support::Diagnostics diagnostics;
  auto offers = planner::find_offers(session.context(), request, diagnostics);
  if (offers) return std::move(*offers);
  config::attach_excerpts(diagnostics, session.app().files);
  throw Failure(ExitCode::usage, std::move(diagnostics));
}

const Offer& need_offer(const Session& session, const Offers& offers, const std::string& capability,
                        std::string_view code) {
  if (const auto* offer = offers.find(capability)) return *offer;
  const auto& workspace = session.workspace();
  if (!workspace.flavour_file.empty()) {
    throw Failure(ExitCode::usage, code,
                  fmt::format("nothing in flavour {} provides {}", workspace.project.name, capability),
                  fmt::format("`{} list components` shows what could", session.app().program));
  }
  throw Failure(ExitCode::usage, code,
                fmt::format("nothing that is installed in namespace {} of {} provides {}",
                            workspace.project.k8s_namespace, planner::describe_cluster(session.target()), capability),
                "say which flavour is meant (-f FILE), or which namespace (-n NAME)");
}

void check_installed(const Session& session, const Offer& offer) {
  if (offer.component.empty()) return;
  for (const auto& one : inventory::find_belongings(session.snapshot(), offer.component)) {
    if (one.ns == offer.ns) return;
  }
  throw Failure(ExitCode::preflight, "DM022",
                fmt::format("{} is not installed in namespace {} of {}", offer.component, offer.ns,
                            planner::describe_cluster(session.target())),
                fmt::format("`{}` does it", session.typed("install")));
}

}  // namespace datamill::cli

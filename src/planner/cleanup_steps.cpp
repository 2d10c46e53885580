#include "datamill/inventory/inventory.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"
#include "planner/awaited.hpp"
#include "planner/step_helpers.hpp"
#include "planner/uninstall_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::planner {

using namespace std::chrono_literals;
using domain::InventoryEntry;
using domain::ObjectRef;
using plan::Effect;
using plan::Plan;
using plan::RunCommand;

void clean_namespace(const Context& context, const UninstallRequest& request, const std::string& ns,
                     const std::vector<inventory::LeftoverObject>& objects, Plan& plan) {
  const auto purge = request.purge_data && request.purge_crds;
  std::vector<ObjectRef> ours;
  std::vector<std::string> others;
  for (const auto& object : objects) {
    const auto known =
        std::any_of(context.snapshot.releases.begin(), context.snapshot.releases.end(), [&](const auto& release) {
          return release.ns == ns && release.name == object.owner && !release.component.empty();
        });
    if (purge && known) {
      ours.push_back({.api_version = object.api_version, .kind = object.kind, .ns = ns, .name = object.name});
    } else {
      others.push_back(fmt::format("{}/{}", object.kind, object.name));
    }
  }
  std::vector<plan::StepId> needs;
  if (!ours.empty()) {
    needs.push_back(
        plan.add({.title = fmt::format("Delete what the releases left in namespace {}", ns),
                  .action = RunCommand{.command = to_command(tools::KubectlDelete{.objects = ours}, context.access)},
                  .awaits = gone_of(ours),
                  .timeout = 150s,
                  .retry = gone_is_fine(),
                  .effect = Effect::destroy}));
  }
  if (!others.empty()) {
    const auto shown = std::min<std::size_t>(others.size(), 6);
    const auto more = others.size() > shown ? fmt::format(" and {} more", others.size() - shown) : std::string{};
    others.resize(shown);
    plan.notes.push_back(fmt::format("namespace {} stays: it still holds {}{}", ns, support::join(others, ", "), more));
    return;
  }
  const ObjectRef record{.api_version = "v1", .kind = "Namespace", .name = ns};
  plan.add({.title = fmt::format("Delete namespace {}", ns),
            .action = RunCommand{.command = to_command(tools::KubectlDelete{.objects = {record}, .timeout = 180s},
                                                       context.access)},
            .needs = needs,
            .awaits = gone_of({record}),
            .timeout = 200s,
            .effect = Effect::destroy});
}

void UninstallWriter::write_unclaim(const InventoryEntry& entry) {
  component_ = entry.component;
  last_.clear();
  plan_.components.push_back({.name = entry.component,
                              .ns = entry.ns,
                              .reason = fmt::format("stays: used by {}", support::join(entry.claims, ", ")),
                              .unchanged = true});
  const tools::KubectlApply apply{.objects = command::SymbolicText{support::write_json(inventory::config_map(entry))},
                                  .take_over = true};
  add({.title = fmt::format("Drop the claim on {}", component_),
       .action = RunCommand{.command = to_command(apply, context_.access)},
       .timeout = 60s});
}

}  // namespace datamill::planner

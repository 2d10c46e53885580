#include "planner/uninstall_steps.hpp"

#include "datamill/inventory/inventory.hpp"
#include "datamill/plan/order.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/helm.hpp"
#include "datamill/tools/kubectl.hpp"
#include "planner/awaited.hpp"
#include "planner/orphans.hpp"
#include "planner/step_helpers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace datamill::planner {

using namespace std::chrono_literals;
using domain::InventoryEntry;
using domain::ObjectRef;
using plan::Effect;
using plan::RunCommand;
using plan::Step;

namespace {

std::string delete_command(const domain::KubeAccess& access, std::vector<std::string> objects, const std::string& ns) {
  command::Command command{.program = "kubectl", .args = {"delete"}};
  if (!ns.empty()) objects.insert(std::next(objects.begin()), {"-n", ns});
  command.args.insert(command.args.end(), objects.begin(), objects.end());
  tools::add_kube_access(command, access, "--context");
  return command::to_shell(command);
}

/// Reverse order: an entry comes after everything that needs it.
std::vector<std::size_t> removal_order(const std::vector<const InventoryEntry*>& entries,
                                       std::vector<std::vector<std::size_t>>& before) {
  before.assign(entries.size(), {});
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (std::size_t j = 0; j < entries.size(); ++j) {
      const auto& needs = entries[j]->needs;
      if (i != j && std::find(needs.begin(), needs.end(), entries[i]->component) != needs.end()) before[i].push_back(j);
    }
  }
  auto result = plan::stable_order(before);
  // Records of different times may contradict each other; then the order they are in has to do.
  for (std::size_t i = 0; result.order.size() < entries.size() && i < entries.size(); ++i) {
    if (std::find(result.order.begin(), result.order.end(), i) == result.order.end()) result.order.push_back(i);
  }
  return result.order;
}

}  // namespace

void UninstallWriter::add(Step step) {
  step.component = component_;
  step.needs = last_;
  std::sort(step.needs.begin(), step.needs.end());
  last_ = {plan_.add(std::move(step))};
}

void UninstallWriter::write(const std::vector<const InventoryEntry*>& entries) {
  std::vector<std::vector<std::size_t>> before;
  const auto order = removal_order(entries, before);
  std::vector<Ids> finals(entries.size());
  for (const auto index : order) {
    Ids after;
    for (const auto dependent : before[index])
      after.insert(after.end(), finals[dependent].begin(), finals[dependent].end());
    std::sort(after.begin(), after.end());
    after.erase(std::unique(after.begin(), after.end()), after.end());
    write_entry(*entries[index], after);
    finals[index] = last_;
  }
}

void UninstallWriter::write_entry(const InventoryEntry& entry, const Ids& after) {
  component_ = entry.component;
  last_ = after;
  kept_objects_.clear();
  plan_.components.push_back(
      {.name = entry.component, .ns = entry.ns, .reason = entry.kept ? "kept earlier" : "uninstall"});
  remove_objects(entry);
  remove_releases(entry);
  purge(entry);
  close_record(entry);
}

void UninstallWriter::remove_objects(const InventoryEntry& entry) {
  std::vector<ObjectRef> gone;
  // Last applied, first removed.
  for (auto object = entry.objects.rbegin(); object != entry.objects.rend(); ++object) {
    if (object->holds_data && !request_.purge_data) {
      rest_object(*object);
    } else {
      gone.push_back(*object);
    }
  }
  if (gone.empty()) return;
  release_orphans(gone);
  add({.title = fmt::format(
           "Delete {} of {}",
           gone.size() == 1 ? gone[0].kind + " " + gone[0].name : fmt::format("{} objects", gone.size()), component_),
       .action = RunCommand{.command = to_command(tools::KubectlDelete{.objects = gone}, context_.access)},
       .awaits = gone_of(gone),
       .timeout = 150s,
       .retry = gone_is_fine(),
       .effect = Effect::destroy});
}

/// Finalizers are the operator's word that it has cleaned up (CloudNativePG docs: `cnpg.io/deleteDatabase`); without it
/// a deletion never ends. They are taken off once the objects are being deleted: then nobody, like the server's own
/// pod, can put them back. A database stays on the server's volume then, until that is purged.
void UninstallWriter::release_orphans(const std::vector<ObjectRef>& objects) {
  std::vector<ObjectRef> orphans;
  std::copy_if(objects.begin(), objects.end(), std::back_inserter(orphans),
               [&](const ObjectRef& object) { return is_orphan(context_.snapshot, object); });
  if (orphans.empty()) return;
  add({.title = fmt::format("Mark objects of {} without an operator for deletion", component_),
       .action =
           RunCommand{.command = to_command(tools::KubectlDelete{.objects = orphans, .wait = false}, context_.access)},
       .timeout = 60s,
       .retry = gone_is_fine(),
       .effect = Effect::destroy});
  auto retry = gone_is_fine();
  retry.ok_output_has.emplace_back("NotFound");
  add({.title = fmt::format("Take the operator's finalizers off objects of {}", component_),
       .action = RunCommand{.command = to_command(tools::KubectlDropFinalizers{.objects = orphans}, context_.access)},
       .timeout = 60s,
       .retry = std::move(retry),
       .effect = Effect::destroy});
}

void UninstallWriter::rest_object(const ObjectRef& object) {
  kept_objects_.push_back(object);
  const auto kind = support::contains(object.api_version, "/")
                        ? fmt::format("{}.{}", object.kind, object.api_version.substr(0, object.api_version.find('/')))
                        : object.kind;
  plan_.kept.push_back({.what = fmt::format("{} {}/{}", object.kind, object.ns, object.name),
                        .command = delete_command(context_.access, {kind, object.name}, object.ns)});
  if (object.keep_annotation.empty()) return;
  add({.title = fmt::format("Put {} {} to rest", object.kind, object.name),
       .action = RunCommand{.command = to_command(
                                tools::KubectlAnnotate{.object = object, .annotation = object.keep_annotation},
                                context_.access)},
       .timeout = 60s,
       .retry = {.attempts = 1,
                 .ok_output_has = {"NotFound", "not found", "the server doesn't have a resource type"}}});
  if (object.keep_condition.empty()) return;
  const bool orphan = is_orphan(context_.snapshot, object);
  if (context_.facts.simulated || orphan) {
    const auto* why = orphan ? "its operator is not installed, and it runs on until that is" : "pods are simulated";
    add({.title = fmt::format("Skip waiting for {} {}", object.kind, object.name),
         .action = plan::Say{.text = fmt::format("not waiting for {} {} to rest: {}", object.kind, object.name, why)},
         .effect = Effect::read});
    return;
  }
  const tools::KubectlWait wait{.resources = {tools::resource_argument(object)},
                                .ns = object.ns,
                                .condition = object.keep_condition,
                                .timeout = 180s};
  add({.title = fmt::format("Wait until {} {} rests", object.kind, object.name),
       .action = RunCommand{.command = to_command(wait, context_.access)},
       .awaits = {{.object = object, .condition = "condition=" + object.keep_condition}},
       .timeout = 200s,
       .retry = {.attempts = 1, .ok_output_has = {"NotFound", "not found"}},
       .effect = Effect::read});
}

void UninstallWriter::remove_releases(const InventoryEntry& entry) {
  for (auto release = entry.releases.rbegin(); release != entry.releases.rend(); ++release) {
    if (context_.snapshot.release(release->ns, release->name) == nullptr) continue;
    add({.title = fmt::format("Uninstall release {}", release->name),
         .action = RunCommand{.command = to_command(tools::HelmUninstall{.release = release->name, .ns = release->ns},
                                                    context_.access)},
         .awaits = {{.object = {.kind = "Release", .ns = release->ns, .name = release->name}, .condition = "delete"}},
         .locks = {fmt::format("release:{}/{}", release->ns, release->name)},
         .timeout = 330s,
         .retry = {.attempts = 3,
                   .when_output_has = {"connection refused", "failed calling webhook"},
                   .ok_output_has = {"release: not found"}},
         .effect = Effect::destroy});
  }
}

std::vector<const domain::VolumeClaim*> UninstallWriter::claims_of(const InventoryEntry& entry) const {
  std::vector<const domain::VolumeClaim*> claims;
  for (const auto& claim : context_.snapshot.claims) {
    if (claim.ns != entry.ns || claim.owner.empty()) continue;
    const auto of_release = std::any_of(entry.releases.begin(), entry.releases.end(),
                                        [&](const auto& release) { return release.name == claim.owner; });
    const auto of_object = std::any_of(entry.objects.begin(), entry.objects.end(), [&](const auto& object) {
      return object.holds_data && object.name == claim.owner;
    });
    if (of_release || of_object) claims.push_back(&claim);
  }
  return claims;
}

void UninstallWriter::purge(const InventoryEntry& entry) {
  std::vector<ObjectRef> objects;
  for (const auto* claim : claims_of(entry)) {
    objects.push_back({.api_version = "v1", .kind = "PersistentVolumeClaim", .ns = claim->ns, .name = claim->name});
  }
  for (const auto& secret : entry.secrets) {
    const auto slash = secret.find('/');
    if (!context_.snapshot.has_secret(secret.substr(0, slash), secret.substr(slash + 1))) continue;
    objects.push_back(
        {.api_version = "v1", .kind = "Secret", .ns = secret.substr(0, slash), .name = secret.substr(slash + 1)});
  }
  if (request_.purge_data && !objects.empty()) {
    add({.title = fmt::format("Delete volumes and Secrets of {}", component_),
         .action = RunCommand{.command = to_command(tools::KubectlDelete{.objects = objects}, context_.access)},
         .awaits = gone_of(objects),
         .timeout = 150s,
         .retry = gone_is_fine(),
         .effect = Effect::destroy});
  } else {
    for (const auto& object : objects) {
      plan_.kept.push_back(
          {.what = fmt::format("{} {}/{}", object.kind, object.ns, object.name),
           .command =
               delete_command(context_.access, {object.kind == "Secret" ? "secret" : "pvc", object.name}, object.ns)});
    }
  }
  if (!entry.crds.empty()) purge_definitions(entry.crds);
}

void UninstallWriter::purge_definitions(const std::vector<std::string>& names) {
  if (!request_.purge_crds) {
    std::vector<std::string> words{"crd"};
    words.insert(words.end(), names.begin(), names.end());
    plan_.kept.push_back({.what = fmt::format("{} custom resource definitions of {}", names.size(), component_),
                          .command = delete_command(context_.access, words, {})});
    return;
  }
  // The API server deletes a definition's objects first. Where nobody has asked for objects of this kind since it
  // started, that finds their store not yet ready, and it tries again only minutes later (Kubernetes: condition
  // Terminating, InstanceDeletionFailed, "storage is (re)initializing"). So somebody asks.
  add({.title = fmt::format("Look for custom resources of {}", component_),
       .action = RunCommand{.command = to_command(tools::KubectlGetNames{.kinds = names}, context_.access)},
       .timeout = 60s,
       .retry = {.attempts = 3, .ok_output_has = {"the server doesn't have a resource type"}},
       .effect = Effect::read});
  std::vector<ObjectRef> definitions;
  for (const auto& name : names)
    definitions.push_back({.api_version = "apiextensions.k8s.io/v1", .kind = "CustomResourceDefinition", .name = name});
  auto retry = gone_is_fine();
  retry.when_output_has.emplace_back("timed out waiting for the condition");
  add({.title = fmt::format("Delete the custom resource definitions of {}", component_),
       .action = RunCommand{.command = to_command(tools::KubectlDelete{.objects = definitions}, context_.access)},
       .awaits = gone_of(definitions),
       .timeout = 150s,
       .retry = std::move(retry),
       .effect = Effect::destroy});
}

void UninstallWriter::close_record(const InventoryEntry& entry) {
  auto rest = entry;
  rest.releases.clear();
  rest.claims.clear();
  rest.digest.clear();
  rest.kept = true;
  rest.objects = kept_objects_;
  // Names of releases are what volumes are recognised by when they are purged later.
  for (const auto& release : entry.releases) {
    const auto claims = claims_of(entry);
    if (!request_.purge_data && !claims.empty()) rest.releases.push_back({.ns = release.ns, .name = release.name});
  }
  if (request_.purge_data) rest.secrets.clear();
  if (request_.purge_crds) rest.crds.clear();
  const auto nothing = rest.objects.empty() && rest.secrets.empty() && rest.crds.empty() && rest.releases.empty();
  if (!nothing) {
    const tools::KubectlApply apply{.objects = command::SymbolicText{support::write_json(inventory::config_map(rest))},
                                    .take_over = true};
    add({.title = fmt::format("Record what is kept of {}", component_),
         .action = RunCommand{.command = to_command(apply, context_.access)},
         .timeout = 60s});
    return;
  }
  const ObjectRef record{
      .api_version = "v1", .kind = "ConfigMap", .ns = entry.ns, .name = inventory::record_name(entry.component)};
  add({.title = fmt::format("Delete the record of {}", component_),
       .action = RunCommand{.command = to_command(tools::KubectlDelete{.objects = {record}}, context_.access)},
       .timeout = 60s,
       .effect = Effect::destroy});
}

}  // namespace datamill::planner

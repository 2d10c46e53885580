#include "planner/component_steps.hpp"

#include "datamill/planner/images.hpp"
#include "datamill/planner/references.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"
#include "planner/awaited.hpp"
#include "planner/step_helpers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::planner {

using namespace std::chrono_literals;
using command::SymbolicText;
using plan::Effect;
using plan::RunCommand;
using plan::Step;
using plan::StepId;
using support::Node;

namespace {

Node managed_labels(const std::string& component) {
  auto labels = Node::map();
  labels.set(std::string(tools::kManagedByLabel), Node::text(std::string(tools::kManagedByValue)));
  if (!component.empty()) labels.set(std::string(tools::kComponentLabel), Node::text(component));
  return labels;
}

Node object(std::string_view kind, const std::string& ns, const std::string& name, const std::string& component) {
  auto metadata = Node::map();
  metadata.set("name", Node::text(name));
  if (!ns.empty()) metadata.set("namespace", Node::text(ns));
  metadata.set("labels", managed_labels(component));
  auto node = Node::map();
  node.set("apiVersion", Node::text("v1"));
  node.set("kind", Node::text(std::string(kind)));
  node.set("metadata", std::move(metadata));
  return node;
}

bool exists_by_itself(const std::string& ns) {
  return ns == "default" || ns.starts_with("kube-");
}

}  // namespace

StepId StepWriter::add(Step step, const Ids& needs) {
  step.component = component_;
  step.needs = needs;
  std::sort(step.needs.begin(), step.needs.end());
  return plan_.add(std::move(step));
}

std::vector<StepId> StepWriter::write(const DesiredComponent& desired, const Difference& difference,
                                      const SymbolicText& record, const Ids& after) {
  component_ = desired.component->name;
  ns_ = desired.ns;
  release_estimate_ = desired.component->estimate;
  if (desired.releases.size() > 1) release_estimate_ /= static_cast<int>(desired.releases.size());
  last_ = after;
  add_namespaces(desired);
  add_images(desired);
  for (const auto& secret : desired.secrets) {
    const auto name = fmt::format("{}/{}", secret.ns, secret.name);
    const auto& missing = difference.missing_secrets;
    const auto is_missing = std::find(missing.begin(), missing.end(), name) != missing.end();
    if (is_missing || difference.rest) add_secret(secret, is_missing);
  }
  if (difference.rest) {
    for (const auto& objects : desired.provisions)
      add_objects(objects);
    for (const auto& seed : desired.seeds)
      add_seed(seed);
    for (const auto& objects : desired.objects) {
      if (objects.phase == domain::Phase::before) add_objects(objects);
    }
  }
  for (std::size_t i = 0; i < desired.releases.size(); ++i) {
    if (difference.releases[i]) add_release(desired.releases[i]);
  }
  if (difference.rest) {
    add_crd_wait(desired);
    for (const auto& objects : desired.objects) {
      if (objects.phase == domain::Phase::after) add_objects(objects);
    }
  }
  const tools::KubectlApply apply{.objects = record, .take_over = true};
  // What comes after it needs the component, not our note of it.
  add({.title = fmt::format("Record {}", component_),
       .action = RunCommand{.command = to_command(apply, context_.access)},
       .timeout = 60s},
      last_);
  return last_;
}

void StepWriter::add_namespaces(const DesiredComponent& desired) {
  for (const auto& ns : desired.namespaces) {
    if (const auto known = namespace_steps_.find(ns); known != namespace_steps_.end()) {
      append_unique(last_, {known->second});
      continue;
    }
    if (exists_by_itself(ns) || context_.snapshot.find_namespace(ns) != nullptr) continue;
    const tools::KubectlApply apply{.objects = SymbolicText{support::write_json(object("Namespace", "", ns, ""))},
                                    .take_over = true};
    const auto id = add({.title = fmt::format("Create namespace {}", ns),
                         .action = RunCommand{.command = to_command(apply, context_.access)},
                         .timeout = 60s},
                        {});
    namespace_steps_.emplace(ns, id);
    append_unique(last_, {id});
  }
}

/// One image may be needed by several components.
void StepWriter::add_images(const DesiredComponent& desired) {
  Ids delivered;
  for (const auto* image : desired.images) {
    auto known = image_steps_.find(image->name);
    if (known == image_steps_.end())
      known = image_steps_.emplace(image->name, add_image_delivery(context_, *image, component_, plan_)).first;
    append_unique(delivered, {known->second});
  }
  append_unique(last_, delivered);
}

StepWriter::Ids StepWriter::sources(const SymbolicText& text) {
  Ids ids;
  for (const auto& part : text.parts) {
    const auto* secret = std::get_if<command::SecretPart>(&part);
    if (secret == nullptr) continue;
    const auto key = fmt::format("{}/{}", secret->ref.ns, secret->ref.secret);
    auto known = secret_steps_.find(key);
    if (known == secret_steps_.end()) {
      const tools::KubectlGetSecret get{.ns = secret->ref.ns, .name = secret->ref.secret};
      const auto id = add({.title = fmt::format("Read Secret {}", key),
                           .action = plan::ReadSecret{.ns = secret->ref.ns,
                                                      .name = secret->ref.secret,
                                                      .command = to_command(get, context_.access)},
                           .timeout = 30s,
                           .effect = Effect::read},
                          last_);
      known = secret_steps_.emplace(key, id).first;
    }
    append_unique(ids, {known->second});
  }
  return ids;
}

void StepWriter::add_secret(const DesiredSecret& secret, bool missing) {
  auto needs = last_;
  const auto key = fmt::format("{}/{}", secret.ns, secret.name);
  if (!missing) append_unique(needs, sources(to_symbolic(mark(command::SecretRef{secret.ns, secret.name, "any"}))));
  auto data = Node::map();
  for (const auto& name : secret.keys) {
    data.set(name, Node::text(mark(command::SecretRef{.ns = secret.ns, .secret = secret.name, .key = name})));
  }
  for (const auto& [ref, text] : secret.derived) {
    Ids derived_from;
    for (const auto& part : text.parts) {
      const auto* other = std::get_if<command::SecretPart>(&part);
      if (other != nullptr && other->ref.secret == secret.name && other->ref.ns == secret.ns) continue;  // its own key
      SymbolicText single;
      single.parts.push_back(part);
      append_unique(derived_from, sources(single));
    }
    append_unique(needs, derived_from);
  }
  auto manifest = object("Secret", secret.ns, secret.name, component_);
  manifest.set("type", Node::text(secret.type));
  manifest.set("stringData", std::move(data));
  auto text = to_symbolic(support::write_json(manifest));
  const auto command =
      missing ? to_command(tools::KubectlCreate{.objects = std::move(text)}, context_.access)
              : to_command(tools::KubectlApply{.objects = std::move(text), .take_over = true}, context_.access);
  const auto id =
      add({.title = fmt::format("{} Secret {}", missing ? "Create" : "Update", key),
           .action = plan::CreateSecret{.generate = secret.generate, .derived = secret.derived, .command = command},
           .timeout = 60s},
          needs);
  secret_steps_[key] = id;
  append_unique(last_, {id});
}

/// Jobs cannot be changed, only made anew: one of an earlier installation goes before its successor comes.
void StepWriter::replace_jobs(const DesiredObjects& objects) {
  const auto* entry = context_.snapshot.entry(ns_, component_);
  if (entry == nullptr) return;
  std::vector<domain::ObjectRef> jobs;
  for (const auto& object : objects.objects) {
    const auto known = std::find(entry->objects.begin(), entry->objects.end(), object) != entry->objects.end();
    if (known && object.kind == "Job") jobs.push_back(object);
  }
  if (jobs.empty()) return;
  last_ = {add({.title = fmt::format("Make room for {} of {}", objects.title, component_),
                .action = RunCommand{.command = to_command(tools::KubectlDelete{.objects = jobs}, context_.access)},
                .timeout = 150s,
                .effect = Effect::destroy},
               last_)};
}

void StepWriter::add_objects(const DesiredObjects& objects) {
  replace_jobs(objects);
  auto needs = last_;
  append_unique(needs, sources(objects.text));
  // What is recorded as ours is taken back from whoever changed it since: an object that was put to rest, for one.
  const auto ours = context_.snapshot.entry(ns_, component_) != nullptr;
  const tools::KubectlApply apply{.objects = objects.text, .ns = objects.ns, .take_over = ours};
  const tools::KubectlApplyFrom from{.source = objects.source, .kustomize = objects.kustomize, .ns = objects.ns};
  const auto command = objects.source.empty() ? to_command(apply, context_.access) : to_command(from, context_.access);
  last_ = {add({.title = fmt::format("Apply {} of {}", objects.title, component_),
                .action = RunCommand{.command = command},
                .timeout = 120s,
                .retry = patient_retry()},
               needs)};
  add_waits(objects);
}

/// Only what is missing: what people have changed in the bucket since stays as it is.
void StepWriter::add_seed(const DesiredSeed& seed) {
  const auto name = seed.path.substr(seed.path.rfind('/') + 1);
  command::Command push{.program = "datamill", .args = {"data", "push", "--only-missing"}};
  push.args.insert(push.args.end(), context_.own_flags.begin(), context_.own_flags.end());
  push.arg(seed.path).arg(fmt::format("s3://{}/{}", seed.bucket, name));
  last_ = {add({.title = fmt::format("Seed bucket {} from {}", seed.bucket, seed.shown),
                .action = RunCommand{.command = std::move(push)},
                .timeout = 1800s},
               last_)};
}

void StepWriter::add_waits(const DesiredObjects& objects) {
  for (const auto& wait : objects.waits) {
    const auto what = wait.condition.empty() ? fmt::format("{}={}", wait.jsonpath, wait.value) : wait.condition;
    if (wait.skipped) {
      const auto text =
          fmt::format("not waiting for {} ({}): pods are simulated and nobody writes its status", wait.resource, what);
      last_ = {add({.title = fmt::format("Skip waiting for {}", wait.resource),
                    .action = plan::Say{.text = text},
                    .effect = Effect::read},
                   last_)};
      continue;
    }
    const tools::KubectlWait command{.resources = {wait.resource},
                                     .ns = wait.ns,
                                     .condition = wait.condition,
                                     .jsonpath = wait.jsonpath,
                                     .value = wait.value,
                                     .timeout = wait.timeout};
    auto awaits = awaited_by(wait, objects.objects);
    const auto only_waits = !awaits.empty();
    last_ = {add({.title = fmt::format("Wait for {} ({})", wait.resource, what),
                  .action = RunCommand{.command = to_command(command, context_.access)},
                  .awaits = std::move(awaits),
                  .only_waits = only_waits,
                  .timeout = wait.timeout + 30s,
                  .effect = Effect::read},
                 last_)};
  }
}

}  // namespace datamill::planner

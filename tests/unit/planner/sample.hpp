#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/install.hpp"
#include "datamill/support/diagnostic.hpp"

#include <algorithm>
#include <string>
#include <vector>

/// A small made-up workspace for planner tests: `lake` provides s3, `db` provides postgres by its operator, `app` needs
/// both, `extra` provides s3 too, `notes` needs nothing.
namespace datamill::sample {

using domain::Component;
using domain::Need;
using domain::Template;
using domain::Workspace;
using support::Diagnostics;
using support::Node;

inline Template text(std::string value) {
  return {.text = std::move(value)};
}

inline domain::Release release(const std::string& name) {
  return {.name = text(name),
          .chart = {.repo = "https://charts.example.org", .name = name + "-chart", .version = "1.0.0"}};
}

inline Node s3_outputs() {
  auto secret = Node::map();
  secret.set("name", Node::text("lake-keys"));
  secret.set("access_key", Node::text("access"));
  secret.set("secret_key", Node::text("secret"));
  auto outputs = Node::map();
  outputs.set("endpoint", Node::text("http://${settings.release}.${namespace}.svc:1"));
  outputs.set("secret", secret);
  return outputs;
}

inline Component lake() {
  Component lake{.name = "lake", .provides = {{.capability = "s3", .outputs = s3_outputs()}}, .default_for = {"s3"}};
  lake.settings = {{.name = "release", .type = domain::SettingType::name, .default_value = Node::text("lake")}};
  lake.secrets = {
      {.name = text("lake-keys"),
       .keys = {{"access", domain::RandomValue{.bytes = 20}}, {"secret", domain::RandomValue{.bytes = 40}}}}};
  lake.per_bucket = {{.file = "bucket.yaml",
                      .is_template = true,
                      .waits = {{.resource = text("job/bucket-${bucket.name}"), .condition = "Complete"}}}};
  lake.releases = {release("${settings.release}")};
  lake.releases[0].chart.name = "lake-chart";
  return lake;
}

inline Component extra() {
  Component extra{.name = "extra",
                  .settings = lake().settings,
                  .provides = {{.capability = "s3", .outputs = s3_outputs()}},
                  .releases = {release("extra")}};
  return extra;
}

inline Component app() {
  Component app{.name = "app", .needs = {{.name = "s3"}, {.name = "db"}}};
  app.secrets = {{.name = text("app-url"), .keys = {{"url", text("s3://${secret.lake-keys.access}@x")}}}};
  app.buckets = {{.name = text("app-data")}};
  app.releases = {release("app")};
  auto set = Node::map();
  set.set("endpoint", Node::text("${s3.endpoint}"));
  app.releases[0].set = set;
  app.notes = text("open ${namespace}");
  return app;
}

inline Component db() {
  Component db{.name = "db"};
  db.manifests = {{.file = "server.yaml",
                   .is_template = true,
                   .holds_data = true,
                   .keep = domain::KeepPolicy{.annotation = "rest=on", .condition = "resting"},
                   .waits = {{.resource = text("server.example.io/main"), .condition = "Ready"}}}};
  db.crds = {"servers.example.io"};
  return db;
}

inline Node document(const std::string& api, const std::string& kind, const std::string& name) {
  auto metadata = Node::map();
  metadata.set("name", Node::text(name));
  auto node = Node::map();
  node.set("apiVersion", Node::text(api));
  node.set("kind", Node::text(kind));
  node.set("metadata", metadata);
  return node;
}

struct Sample {
  Workspace workspace{};
  domain::Target target{};
  domain::ClusterSnapshot snapshot{};
  domain::Facts facts{.storage_class = "standard"};
  Diagnostics diagnostics{};

  Sample() {
    workspace.root = "/root";
    workspace.flavour_file = "f.yaml";
    workspace.project.name = "f";
    for (const auto& component :
         {lake(), app(), db(), Component{.name = "notes", .releases = {release("notes")}}, extra()}) {
      workspace.catalogue.emplace(component.name, component);
      auto& config = workspace.configs[component.name];
      for (const auto& setting : component.settings)
        config.settings[setting.name].value = setting.default_value;
    }
    workspace.configs["lake"].files["bucket.yaml"] = {
        .path = "bucket.yaml", .content = "x", .documents = {document("batch/v1", "Job", "bucket-${bucket.name}")}};
    workspace.configs["db"].files["server.yaml"] = {
        .path = "server.yaml", .content = "y", .documents = {document("example.io/v1", "Server", "main")}};
    workspace.capabilities = {{"s3", {.name = "s3"}}, {"postgres", {.name = "postgres"}}};
    target.provider = "kwok";
    list({"app"});
  }

  void list(const std::vector<std::string>& names) {
    workspace.project.flavour.clear();
    for (const auto& name : names)
      workspace.project.flavour.push_back({.name = name});
  }

  [[nodiscard]] planner::Context context() const {
    return {.workspace = workspace,
            .target = target,
            .snapshot = snapshot,
            .facts = facts,
            .access = {.kubeconfig = "/k", .context = "c"},
            .places = {.state = "/state", .cluster = "/state/clusters/x", .cache = "/cache", .root = "/root"},
            .cluster_state = planner::ClusterState::running};
  }

  [[nodiscard]] std::optional<plan::Plan> install(const planner::InstallRequest& request = {}) {
    return planner::plan_install(context(), request, diagnostics);
  }

  /// The snapshot of a cluster on which the flavour was just installed.
  void pretend_installed() { snapshot = planner::as_installed(context(), {}, diagnostics).value(); }

  [[nodiscard]] bool has_code(std::string_view code) const {
    const auto& items = diagnostics.items();
    return std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.code == code; });
  }
};

inline std::vector<std::string> titles(const plan::Plan& plan) {
  std::vector<std::string> result;
  for (const auto& step : plan.steps)
    result.push_back(step.title);
  return result;
}

inline std::vector<std::string> component_names(const plan::Plan& plan) {
  std::vector<std::string> result;
  for (const auto& component : plan.components)
    result.push_back(component.name);
  return result;
}

inline const plan::Step& step(const plan::Plan& plan, std::string_view title_part) {
  const auto found = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const auto& candidate) {
    return candidate.title.find(title_part) != std::string::npos;
  });
  if (found == plan.steps.end()) throw std::logic_error("no step \"" + std::string(title_part) + "\"");
  return *found;
}

inline bool has_step(const plan::Plan& plan, std::string_view title_part) {
  return std::any_of(plan.steps.begin(), plan.steps.end(),
                     [&](const auto& candidate) { return candidate.title.find(title_part) != std::string::npos; });
}

/// Whether `later` cannot start before `earlier` is done.
inline bool comes_after(const plan::Plan& plan, const plan::Step& later, const plan::Step& earlier) {
  if (later.id == earlier.id) return true;
  return std::any_of(later.needs.begin(), later.needs.end(),
                     [&](auto need) { return comes_after(plan, plan.steps[need], earlier); });
}

}  // namespace datamill::sample

#include "config/component_reader.hpp"

#include "config/shape.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::config {

using domain::Component;
using domain::Need;
using support::MapReader;
using support::Node;

namespace {

constexpr std::array<std::string_view, 11> kCategories{"datalake", "streaming", "processing", "database",
                                                       "ml",       "bi",        "monitoring", "network",
                                                       "storage",  "workflow",  "cluster"};
constexpr std::array<std::string_view, 6> kFlavourKeys{"project", "services", "images", "local", "remote", "hybrid"};
constexpr std::array<std::string_view, 6> kLaterKeys{"schema",    "environments", "functions",
                                                     "workflows", "jobs",         "users"};

void check_name(const std::string& name, const support::SourceRef& at, support::Diagnostics& diagnostics) {
  const std::string problem = domain::dns_label_problem(name);
  if (!problem.empty())
    diagnostics.error("DM131", at, fmt::format("a component cannot be named \"{}\": {}", name, problem),
                      fmt::format("rename its folder to \"{}\"", domain::to_dns_label(name)));
  if (is_reserved_name(name))
    diagnostics.error("DM131", at, fmt::format("a component cannot be named \"{}\": flavours use that key", name),
                      "rename its folder");
}

void read_about(MapReader& reader, Component& component) {
  component.summary = reader.text_or("summary", {});
  component.category = reader.text_or("category", {});
  component.aliases = reader.text_list("aliases");
  const std::vector<std::string> known(kCategories.begin(), kCategories.end());
  if (component.category.empty() || std::find(known.begin(), known.end(), component.category) != known.end()) return;
  std::string hint = support::did_you_mean(component.category, known);
  if (hint.empty()) hint = fmt::format("known categories: {}", support::join(known, ", "));
  reader.diagnostics().error("DM123", reader.at("category"),
                             fmt::format("there is no category \"{}\"", component.category), hint);
}

std::vector<Need> read_needs(MapReader& reader, std::string_view key) {
  std::vector<Need> needs;
  const Node* value = reader.node(key);
  if (value != nullptr && value->is_scalar()) return {{.name = value->scalar, .at = value->at}};
  for (const auto& item : reader.items(key)) {
    if (item.is_scalar()) {
      needs.push_back({.name = item.scalar, .at = item.at});
      continue;
    }
    MapReader need(item, fmt::format("an item of \"{}\" of {}", key, reader.what()), reader.diagnostics());
    Need read{.name = need.required_text("name"), .when = read_condition(need), .at = item.at};
    need.finish();
    if (!read.name.empty()) needs.push_back(std::move(read));
  }
  return needs;
}

std::vector<domain::Provision> read_provisions(MapReader& reader) {
  std::vector<domain::Provision> provisions;
  for (const auto& entry : reader.entries("provides")) {
    if (!entry.value.is_map() && !entry.value.is_null()) {
      reader.diagnostics().error(
          "DM121", entry.value.at,
          fmt::format("\"{}\" in \"provides\" of {} must be a map of outputs", entry.key, reader.what()));
      continue;
    }
    provisions.push_back({.capability = entry.key, .outputs = entry.value, .at = entry.key_at});
  }
  return provisions;
}

std::vector<domain::ManifestSet> read_per(MapReader& reader, std::string_view key) {
  const Node* node = reader.node(key);
  if (node == nullptr) return {};
  MapReader per(*node, fmt::format("\"{}\" of {}", key, reader.what()), reader.diagnostics());
  auto manifests = read_manifests(per);
  per.finish();
  return manifests;
}

/// A list of names, or a map of roles to names, which may refer to settings.
std::vector<domain::ImageNeed> read_images(MapReader& reader) {
  std::vector<domain::ImageNeed> images;
  const Node* node = reader.node("images");
  if (node != nullptr && node->is_map()) {
    for (const auto& entry : node->entries)
      images.push_back(
          {.role = entry.key, .name = {.text = entry.value.scalar, .at = entry.value.at}, .at = entry.key_at});
    return images;
  }
  for (auto& name : read_templates(reader, "images"))
    images.push_back({.role = name.text, .name = name, .at = name.at});
  return images;
}

domain::Requests read_requests(MapReader& reader) {
  const Node* node = reader.node("requests");
  if (node == nullptr) return {};
  MapReader requests(*node, fmt::format("\"requests\" of {}", reader.what()), reader.diagnostics());
  domain::Requests read{.cpu = requests.text_or("cpu", {}), .memory = requests.text_or("memory", {})};
  for (const auto* key : {"cpu", "memory"}) {
    const auto text = requests.text(key);
    if (text && !is_quantity(*text))
      reader.diagnostics().error("DM123", requests.at(key), fmt::format("\"{}\" is no quantity: \"{}\"", key, *text),
                                 "write for example 200m or 512Mi");
  }
  requests.finish();
  return read;
}

std::optional<domain::OpenSpec> read_open(MapReader& reader) {
  constexpr std::int64_t kMaxPort = 65535;
  const Node* node = reader.node("open");
  if (node == nullptr) return std::nullopt;
  MapReader open(*node, fmt::format("\"open\" of {}", reader.what()), reader.diagnostics());
  (void)open.required_text("service");
  domain::OpenSpec read{.service = read_template(open, "service"),
                        .port = static_cast<int>(open.integer("port", 1, kMaxPort).value_or(80)),
                        .path = open.text_or("path", "/"),
                        .secret = read_template(open, "secret"),
                        .secret_keys = open.text_list("secret_keys")};
  open.finish();
  return read;
}

/// A login that names what is not there would send people looking for it.
void check_login(const Component& component, MapReader& reader) {
  if (!component.open || (component.open->secret.empty() && component.open->secret_keys.empty())) return;
  const auto& open = *component.open;
  const auto spec = std::find_if(component.secrets.begin(), component.secrets.end(),
                                 [&](const domain::SecretSpec& s) { return s.name.text == open.secret.text; });
  if (spec == component.secrets.end()) {
    reader.diagnostics().error(
        "DM123", reader.at("open"),
        fmt::format("\"open\" names the Secret \"{}\", which is none of `secrets`", open.secret.text),
        "write its name as `secrets` has it");
    return;
  }
  if (open.secret_keys.empty())
    reader.diagnostics().error("DM122", reader.at("open"), "\"open\" names a Secret, but no key of it",
                               "add secret_keys: [KEY]");
  for (const auto& key : open.secret_keys) {
    const auto known =
        std::any_of(spec->keys.begin(), spec->keys.end(), [&](const auto& entry) { return entry.first == key; });
    if (!known)
      reader.diagnostics().error("DM123", reader.at("open"),
                                 fmt::format("the Secret \"{}\" has no key \"{}\"", open.secret.text, key),
                                 "write a key as `secrets` has it");
  }
}

void read_place(MapReader& reader, Component& component) {
  component.namespace_ = read_template(reader, "namespace");
  const std::string scope = reader.text_or("scope", "namespace");
  component.cluster_scope = scope == "cluster";
  if (scope != "cluster" && scope != "namespace")
    reader.diagnostics().error("DM123", reader.at("scope"), fmt::format("there is no scope \"{}\"", scope),
                               "write cluster, or leave it out");
  component.placement = reader.text_or("placement", component.placement);
  component.estimate = reader.duration("estimate").value_or(component.estimate);
  component.requests = read_requests(reader);
}

void read_relations(MapReader& reader, Component& component) {
  component.provides = read_provisions(reader);
  component.default_for = reader.text_list("default_for");
  component.needs = read_needs(reader, "needs");
  component.uses = read_needs(reader, "uses");
  component.after = read_needs(reader, "after");
  component.conflicts = read_needs(reader, "conflicts");
}

void read_content(MapReader& reader, Component& component) {
  component.secrets = read_secrets(reader);
  component.buckets = read_buckets(reader);
  component.databases = read_databases(reader);
  component.per_bucket = read_per(reader, "per_bucket");
  component.per_database = read_per(reader, "per_database");
  component.clients = read_clients(reader, component.provides);
  component.releases = read_releases(reader);
  component.manifests = read_manifests(reader);
  component.images = read_images(reader);
  component.crds = reader.text_list("crds");
  component.open = read_open(reader);
  check_login(component, reader);
  component.notes = read_template(reader, "notes");
}

}  // namespace

bool is_reserved_name(const std::string& name) {
  return is_reserved_for_later(name) || std::find(kFlavourKeys.begin(), kFlavourKeys.end(), name) != kFlavourKeys.end();
}

bool is_reserved_for_later(const std::string& name) {
  return std::find(kLaterKeys.begin(), kLaterKeys.end(), name) != kLaterKeys.end();
}

Component read_component(const Node& root, const std::string& name, const std::string& directory,
                         support::Diagnostics& diagnostics) {
  Component component{.name = name, .directory = directory, .at = root.at};
  check_name(name, root.at, diagnostics);
  MapReader reader(root, fmt::format("component \"{}\"", name), diagnostics);
  read_about(reader, component);
  component.replaced_by = reader.text_or("replaced_by", {});
  component.reason = reader.text_or("reason", {});
  const bool retired = !component.replaced_by.empty() ||
                       (!component.reason.empty() && !reader.has("releases") && !reader.has("manifests"));
  if (!retired) {
    constexpr std::int64_t kLastTier = 3;
    if (component.summary.empty()) (void)reader.required_text("summary");
    component.tier = static_cast<int>(reader.integer("tier", 1, kLastTier).value_or(1));
    component.optional = reader.boolean("optional").value_or(false);
    component.settings = read_setting_specs(reader);
    read_relations(reader, component);
    read_place(reader, component);
    read_content(reader, component);
  } else if (component.reason.empty()) {
    (void)reader.required_text("reason");
  }
  reader.finish();
  return component;
}

}  // namespace datamill::config

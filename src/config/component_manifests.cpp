#include "config/component_reader.hpp"
#include "config/shape.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::ManifestSet;
using domain::Phase;
using domain::Wait;
using support::MapReader;
using support::Node;

namespace {

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check_source(const ManifestSet& manifest, MapReader& reader) {
  support::Diagnostics& diagnostics = reader.diagnostics();
  const int ways =
      (manifest.file.empty() ? 0 : 1) + (manifest.url.empty() ? 0 : 1) + (manifest.kustomize.empty() ? 0 : 1);
  if (ways != 1) {
    diagnostics.error("DM135", manifest.at,
                      fmt::format("{} must have exactly one of file, url, kustomize", reader.what()));
    return;
  }
  if (!manifest.url.empty() && manifest.url.compare(0, 8, "https://") != 0)
    diagnostics.error("DM135", reader.at("url"), fmt::format("\"url\" of {} must start with https://", reader.what()));
  if (!manifest.url.empty() && !is_sha256(manifest.sha256))
    diagnostics.error("DM135", reader.at("sha256"), fmt::format("{} needs \"sha256\" beside \"url\"", reader.what()),
                      "write the file's SHA-256, 64 hexadecimal digits in lower case");
  if (manifest.url.empty() && !manifest.sha256.empty())
    diagnostics.error("DM135", reader.at("sha256"), fmt::format("\"sha256\" of {} belongs to \"url\"", reader.what()));
}

Phase read_phase(MapReader& reader) {
  const std::string phase = reader.text_or("phase", "after");
  if (phase == "before") return Phase::before;
  if (phase != "after")
    reader.diagnostics().error("DM123", reader.at("phase"), fmt::format("there is no phase \"{}\"", phase),
                               "write before or after");
  return Phase::after;
}

std::optional<domain::KeepPolicy> read_keep(MapReader& reader) {
  const Node* node = reader.node("keep");
  if (node == nullptr) return std::nullopt;
  MapReader keep(*node, fmt::format("\"keep\" of {}", reader.what()), reader.diagnostics());
  domain::KeepPolicy policy{.annotation = keep.text_or("annotate", {}), .condition = keep.text_or("condition", {})};
  if (!policy.annotation.empty() && !support::contains(policy.annotation, "="))
    reader.diagnostics().error("DM135", keep.at("annotate"),
                               fmt::format("\"annotate\" of {} is no key=value", keep.what()),
                               "write for example cnpg.io/hibernation=on");
  keep.finish();
  return policy;
}

Wait read_wait(const Node& item, const std::string& owner, support::Diagnostics& diagnostics) {
  MapReader reader(item, fmt::format("a wait of {}", owner), diagnostics);
  (void)reader.required_text("resource");
  Wait wait{.resource = read_template(reader, "resource"),
            .condition = reader.text_or("condition", {}),
            .jsonpath = reader.text_or("jsonpath", {}),
            .value = reader.text_or("value", {}),
            .at = item.at};
  wait.timeout = reader.duration("timeout").value_or(wait.timeout);
  wait.when = read_condition(reader);
  reader.finish();
  if (!item.is_map()) return wait;
  if (wait.condition.empty() == wait.jsonpath.empty() || wait.jsonpath.empty() != wait.value.empty())
    diagnostics.error("DM138", item.at, fmt::format("{} must have condition, or jsonpath and value", reader.what()));
  if (!wait.resource.empty() && !support::contains(wait.resource.text, "/"))
    diagnostics.error("DM138", wait.resource.at, fmt::format("\"resource\" of {} must be kind/name", reader.what()),
                      "write for example deployment/web or kafka.kafka.strimzi.io/main");
  return wait;
}

std::vector<Wait> read_waits(MapReader& reader) {
  std::vector<Wait> waits;
  const Node* node = reader.node("wait");
  if (node != nullptr && node->is_map()) return {read_wait(*node, reader.what(), reader.diagnostics())};
  for (const auto& item : reader.items("wait"))
    waits.push_back(read_wait(item, reader.what(), reader.diagnostics()));
  return waits;
}

ManifestSet read_manifest(const Node& item, const std::string& owner, support::Diagnostics& diagnostics) {
  MapReader reader(item, fmt::format("a manifest of {}", owner), diagnostics);
  ManifestSet manifest{.file = reader.text_or("file", {}),
                       .url = reader.text_or("url", {}),
                       .sha256 = reader.text_or("sha256", {}),
                       .kustomize = reader.text_or("kustomize", {}),
                       .is_template = reader.boolean("template").value_or(false),
                       .phase = read_phase(reader),
                       .holds_data = reader.boolean("data").value_or(false),
                       .keep = read_keep(reader),
                       .waits = read_waits(reader),
                       .when = read_condition(reader),
                       .at = item.at};
  reader.finish();
  if (item.is_map()) check_source(manifest, reader);
  return manifest;
}

}  // namespace

std::vector<ManifestSet> read_manifests(MapReader& owner) {
  std::vector<ManifestSet> manifests;
  for (const auto& item : owner.items("manifests"))
    manifests.push_back(read_manifest(item, owner.what(), owner.diagnostics()));
  return manifests;
}

}  // namespace datamill::config

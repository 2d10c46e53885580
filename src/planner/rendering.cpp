#include "datamill/planner/rendering.hpp"

#include "datamill/support/overloaded.hpp"
#include "datamill/tools/helm.hpp"
#include "planner/component_steps.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using command::SymbolicText;

namespace {

std::string with_placeholders(const SymbolicText& text) {
  std::string out;
  for (const auto& part : text.parts) {
    std::visit(support::Overloaded{[&](const std::string& literal) { out += literal; },
                                   [&](const command::SecretPart&) { out += kPlaceholder; },
                                   [&](const command::OutputPart&) { out += kPlaceholder; }},
               part);
  }
  return out;
}

ReleaseRendering rendering_of(const DesiredRelease& release, const Context& context, const RenderFor& cluster) {
  ReleaseRendering rendering{.ns = release.ns,
                             .name = release.name,
                             .digest = release.digest,
                             .chart_path = release.chart_path,
                             .pull = release.pull,
                             .exists = context.snapshot.release(release.ns, release.name) != nullptr};
  tools::HelmTemplate render{
      .upgrade = {.release = release.name, .chart = release.chart_path, .ns = release.ns, .values = release.values},
      .kube_version = cluster.kube_version,
      .api_versions = cluster.api_versions,
      .exists = rendering.exists};
  if (!release.set.parts.empty()) render.upgrade.set = SymbolicText{with_placeholders(release.set)};
  rendering.command = to_command(render);
  return rendering;
}

ComponentRendering rendering_of(const DesiredComponent& desired, const Difference& difference, const Context& context,
                                const RenderFor& cluster) {
  const auto& component = *desired.component;
  ComponentRendering rendering{.component = component.name,
                               .ns = desired.ns,
                               .requests = component.requests,
                               .changes = !difference.none(),
                               .rest_changes = difference.rest};
  const auto* entry = context.snapshot.entry(desired.ns, component.name);
  rendering.recorded = entry != nullptr && !entry->kept;
  for (std::size_t i = 0; i < desired.releases.size(); ++i) {
    rendering.releases.push_back(rendering_of(desired.releases[i], context, cluster));
    rendering.releases.back().changes = difference.releases[i];
  }
  for (const auto* list : {&desired.provisions, &desired.objects}) {
    for (const auto& objects : *list) {
      rendering.manifests.push_back({.title = objects.title,
                                     .ns = objects.ns,
                                     .text = with_placeholders(objects.text),
                                     .source = objects.source});
    }
  }
  for (const auto& secret : desired.secrets)
    rendering.secrets.push_back(fmt::format("{}/{}", secret.ns, secret.name));
  return rendering;
}

}  // namespace

std::optional<std::vector<ComponentRendering>> plan_renderings(const Context& context, const InstallRequest& request,
                                                               const RenderFor& cluster,
                                                               support::Diagnostics& diagnostics) {
  const auto selection = select_components(context, request.selection, diagnostics);
  if (!selection) return std::nullopt;
  std::vector<ComponentRendering> renderings;
  for (const auto& selected : selection->components) {
    const auto desired = desire(selected, *selection, context, diagnostics);
    renderings.push_back(rendering_of(desired, compare(desired, context, request.reinstall), context, cluster));
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return renderings;
}

}  // namespace datamill::planner

// References to images of our own.
#include "datamill/support/text.hpp"
#include "planner/wiring.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using support::Diagnostics;

namespace {

void report_unknown(const domain::Component& component, const std::string& name, const support::SourceRef& at,
                    const domain::ImageGraph& graph, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const auto& [known, image] : graph.images)
    names.push_back(known);
  auto hint = support::did_you_mean(name, names);
  if (hint.empty()) hint = "`datamill images list` shows all of them";
  diagnostics.error("DM319", at, fmt::format("\"{}\" needs the image \"{}\", which is not there", component.name, name),
                    hint);
}

}  // namespace

void add_images(const domain::Component& component, const Context& context, Scope& scope,
                std::vector<const domain::Image*>& images, Diagnostics& diagnostics) {
  const auto& workspace = context.workspace;
  for (const auto& need : component.images) {
    const auto name = substitute_text(need.name.text, need.name.at, scope, diagnostics);
    const auto* image = workspace.images.find(name);
    if (image == nullptr) {
      report_unknown(component, name, need.at, workspace.images, diagnostics);
      scope.set_absent("image." + need.role, "there is no such image");
      continue;
    }
    domain::ImageName found = image->upstream;
    if (context.facts.own_images) {
      const auto registry =
          workspace.image_registry.empty() ? std::string(domain::kLocalRegistry) : workspace.image_registry;
      found = {.repository = fmt::format("{}/{}", registry, name), .tag = image->tag()};
      images.push_back(image);
    } else if (found.repository.empty()) {
      diagnostics.error(
          "DM319", need.at,
          fmt::format("\"{}\" needs the image \"{}\", which this cluster cannot get", component.name, name),
          "push it to a registry: `images: {registry: HOST/PATH}` in the flavour");
    }
    const auto prefix = "image." + need.role;
    scope.set_text(prefix + ".repository", found.repository);
    scope.set_text(prefix + ".tag", found.tag);
    scope.set_text(prefix + ".reference", fmt::format("{}:{}", found.repository, found.tag));
  }
}

}  // namespace datamill::planner

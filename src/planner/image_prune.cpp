// What of a builder's store nothing refers to any more.
#include "datamill/planner/image_prune.hpp"

#include "datamill/planner/images.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::planner {

using namespace std::chrono_literals;
using domain::ImageGraph;
using plan::Effect;
using plan::Plan;

namespace {

constexpr std::string_view kNameless = "<none>";
/// docker and buildah, about an image that is gone.
const std::vector<std::string> kGone{"No such image", "image not known"};

/// "notebook:1.0.0-3f9a1c0b2d4e" of "ghcr.io/acme/notebook:1.0.0-3f9a1c0b2d4e".
std::string_view last_part(std::string_view reference) {
  return reference.substr(reference.rfind('/') + 1);
}

/// References, and last parts of references, that are needed.
struct Needed {
  explicit Needed(const ImageGraph& graph) {
    for (const auto& [name, image] : graph.images) {
      parts.insert(fmt::format("{}:{}", name, image.tag()));
      for (const auto& base : image.outside_bases())
        references.insert(domain::outside_reference(base));
    }
  }
  std::set<std::string> references{};
  std::set<std::string, std::less<>> parts{};
};

bool is_ours(const StoredImage& image, const ImagePruneRequest& request) {
  return request.builder.kind == tools::ImageBuilder::Kind::buildah || request.labelled.count(image.reference) != 0 ||
         image.reference.starts_with(fmt::format("{}/", domain::kLocalRegistry));
}

bool is_mentioned(const StoredImage& image, const ImagePruneRequest& request) {
  return std::any_of(request.mentions.begin(), request.mentions.end(),
                     [&](const std::string& text) { return support::contains(text, image.reference); });
}

void add_step(Plan& plan, std::string title, plan::Action action) {
  plan.add({.title = std::move(title),
            .action = std::move(action),
            .locks = {"image store"},
            .timeout = 300s,
            .retry = {.ok_output_has = kGone},
            .effect = Effect::destroy});
}

}  // namespace

std::vector<StoredImage> parse_described_images(std::string_view text) {
  constexpr std::size_t kColumns = 4;
  std::vector<StoredImage> images;
  for (const auto& line : support::split_lines(text)) {
    const auto columns = support::split(line, '|');
    if (columns.size() != kColumns || columns[0].starts_with(kNameless)) continue;
    images.push_back({.reference = columns[0], .id = columns[1], .made = columns[2], .size = columns[3]});
  }
  std::stable_sort(images.begin(), images.end(), [](const auto& a, const auto& b) { return a.made < b.made; });
  return images;
}

std::vector<StoredImage> unused_images(const ImageGraph& graph, const ImagePruneRequest& request) {
  const Needed needed(graph);
  std::set<std::string> ids;  // another name of what stays costs nothing: that of a base as it was pulled
  const auto is_needed = [&](const StoredImage& image) {
    return needed.references.count(image.reference) != 0 || needed.parts.count(last_part(image.reference)) != 0 ||
           is_mentioned(image, request);
  };
  for (const auto& image : request.stored) {
    if (is_needed(image)) ids.insert(image.id);
  }
  std::vector<StoredImage> unused;
  std::copy_if(request.stored.begin(), request.stored.end(), std::back_inserter(unused), [&](const StoredImage& image) {
    return is_ours(image, request) && !is_needed(image) && ids.count(image.id) == 0;
  });
  return unused;
}

Plan plan_image_prune(const Context& context, const ImagePruneRequest& request) {
  Plan plan{.title = "Remove images that nothing refers to"};
  const auto& graph = context.workspace.images;
  for (const auto& image : unused_images(graph, request))
    add_step(plan, fmt::format("Remove {}", image.reference),
             plan::RunCommand{.command = remove_image(request.builder, image.reference)});
  if (request.has_nameless)
    add_step(plan, "Remove what unfinished builds left", plan::RunCommand{.command = remove_nameless(request.builder)});
  std::set<std::string> wheels;
  for (const auto& [name, image] : graph.images)
    wheels.insert(wheels_folder(image));
  for (const auto& name : request.wheels) {
    if (wheels.count(name) == 0)
      add_step(plan, fmt::format("Remove wheels {}", name),
               plan::RemovePath{.path = fmt::format("{}/images/wheels/{}", context.places.cache, name)});
  }
  return plan;
}

}  // namespace datamill::planner

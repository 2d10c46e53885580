#include "datamill/domain/image.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::domain {

namespace {

constexpr std::size_t kShownDigits = 12;

std::vector<std::string> references(const std::vector<ImageBase>& bases, bool own) {
  std::vector<std::string> names;
  for (const auto& base : bases) {
    if (base.own != own || base.reference == "scratch") continue;
    if (std::find(names.begin(), names.end(), base.reference) == names.end()) names.push_back(base.reference);
  }
  return names;
}

}  // namespace

std::string Image::tag() const {
  return fmt::format("{}-{}", version, digest.substr(0, kShownDigits));
}

std::vector<std::string> Image::own_bases() const {
  return references(bases, true);
}

std::vector<std::string> Image::outside_bases() const {
  return references(bases, false);
}

const Image* ImageGraph::find(std::string_view name) const {
  const auto found = images.find(std::string(name));
  return found == images.end() ? nullptr : &found->second;
}

std::vector<const Image*> ImageGraph::with_bases(const std::vector<std::string>& names) const {
  std::set<std::string> wanted(names.begin(), names.end());
  for (auto name = order.rbegin(); name != order.rend(); ++name) {
    if (wanted.count(*name) == 0) continue;
    for (const auto& base : images.at(*name).own_bases())
      wanted.insert(base);
  }
  std::vector<const Image*> result;
  for (const auto& name : order) {
    if (wanted.count(name) != 0) result.push_back(&images.at(name));
  }
  return result;
}

std::vector<const Image*> ImageGraph::with_dependents(const std::vector<std::string>& names) const {
  std::set<std::string> wanted(names.begin(), names.end());
  std::vector<const Image*> result;
  for (const auto& name : order) {
    const auto bases = images.at(name).own_bases();
    if (std::any_of(bases.begin(), bases.end(), [&](const auto& base) { return wanted.count(base) != 0; }))
      wanted.insert(name);
    if (wanted.count(name) != 0) result.push_back(&images.at(name));
  }
  return result;
}

std::string image_reference(std::string_view registry, const Image& image) {
  return fmt::format("{}/{}:{}", registry, image.name, image.tag());
}

std::string outside_reference(std::string_view reference) {
  auto name = support::replace_all(std::string(reference), "@sha256:", "-sha256-");
  const auto slash = name.rfind('/');
  const auto has_tag = name.find(':', slash == std::string::npos ? 0 : slash) != std::string::npos;
  // A digest without a tag: its mark becomes the tag's.
  if (const auto mark = name.find("-sha256-"); !has_tag && mark != std::string::npos) name[mark] = ':';
  // Colons of a registry's port are no part of a name below our own.
  for (std::size_t i = 0; slash != std::string::npos && i < slash; ++i) {
    if (name[i] == ':') name[i] = '-';
  }
  return fmt::format("{}/outside/{}", kLocalRegistry, name);
}

std::string dockerfile_with_references(const ImageGraph& graph, const Image& image) {
  std::string text;
  std::size_t at = 0;
  for (const auto& base : image.bases) {
    if (base.reference == "scratch") continue;
    text += image.dockerfile.substr(at, base.begin - at);
    text +=
        base.own ? image_reference(kLocalRegistry, graph.images.at(base.reference)) : outside_reference(base.reference);
    at = base.end;
  }
  return text + image.dockerfile.substr(at);
}

}  // namespace datamill::domain

#include "datamill/node/spec.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::node {

using support::Node;

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

std::vector<std::string> texts(const Node& node, std::string_view key) {
  std::vector<std::string> values;
  if (const auto* list = node.find(key)) {
    for (const auto& item : list->items)
      values.push_back(item.scalar);
  }
  return values;
}

Part read_part(const Node& node) {
  Part part{.name = std::string(node.text_at("name")),
            .words = texts(node, "command"),
            .after = texts(node, "after"),
            .ends_containers = node.text_at("ends_containers") == "true"};
  if (const auto* env = node.find("env")) {
    for (const auto& entry : env->entries)
      part.env.emplace_back(entry.key, entry.value.scalar);
  }
  return part;
}

bool is_whole(const Spec& spec) {
  if (spec.folder.empty() || spec.folder.front() != '/' || spec.cgroup.empty() || spec.bridge.empty()) return false;
  for (const auto& part : spec.parts) {
    if (part.name.empty() || part.words.empty()) return false;
  }
  return !spec.parts.empty();
}

}  // namespace

std::string past_proxy(const Spec& spec, std::string_view before) {
  auto places = support::split_list(before);
  for (const auto& place : {std::string("localhost"), std::string("127.0.0.0/8"), spec.network, spec.services,
                            std::string(".svc"), std::string(".cluster.local")}) {
    if (!place.empty() && std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
  return support::join(places, ",");
}

Spec read_spec(const std::string& path) {
  const auto read = support::DiskFileSource().read(path, kMostBytes);
  if (!read.text) {
    throw support::Failure(support::ExitCode::usage, "DM610", fmt::format("cannot read \"{}\": {}", path, read.problem),
                           "`datamill start` writes it anew");
  }
  const auto document = support::read_json(*read.text, path);
  Spec spec{.folder = std::string(document.text_at("folder")),
            .cgroup = std::string(document.text_at("cgroup")),
            .bridge = std::string(document.text_at("bridge")),
            .network = std::string(document.text_at("network")),
            .services = std::string(document.text_at("services"))};
  if (const auto* list = document.find("ports")) {
    for (const auto& item : list->items)
      spec.ports.push_back({.address = std::string(item.text_at("address")),
                            .number = static_cast<int>(support::parse_integer(item.text_at("port")).value_or(0))});
  }
  if (const auto* list = document.find("preparations")) {
    for (const auto& item : list->items)
      spec.preparations.push_back({.words = texts(item, "command"), .ok_texts = texts(item, "ok")});
  }
  if (const auto* list = document.find("parts")) {
    for (const auto& item : list->items)
      spec.parts.push_back(read_part(item));
  }
  if (!is_whole(spec)) {
    throw support::Failure(support::ExitCode::usage, "DM610", fmt::format("\"{}\" does not describe a node", path),
                           "`datamill start` writes it anew");
  }
  return spec;
}

}  // namespace datamill::node

#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "config/target_reader.hpp"
#include "datamill/support/map_reader.hpp"

#include <fmt/format.h>

#include <array>

namespace datamill::config {

using domain::Location;
using support::Node;

namespace {

constexpr std::array<Location, 3> kLocations{Location::local, Location::remote, Location::hybrid};

using Blocks = std::map<Location, Node>;

std::optional<Blocks> read_blocks(const std::string& path, const support::FileSource& files,
                                  support::Diagnostics& diagnostics) {
  const auto document = read_yaml(files, path, diagnostics);
  if (!document) return std::nullopt;
  support::MapReader reader(*document, "the target", diagnostics);
  Blocks blocks;
  for (const Location location : kLocations) {
    const auto key = domain::to_name(location);
    (void)reader.entries(key);  // reports what is no map
    const Node* block = reader.node(key);
    if (block != nullptr && block->is_map()) blocks[location] = *block;
  }
  reader.finish();
  return blocks;
}

void put(Node& map, const support::Entry& entry) {
  for (auto& old : map.entries) {
    if (old.key != entry.key) continue;
    old = entry;
    return;
  }
  map.entries.push_back(entry);
}

/// Lays `blocks` over what is there, key by key.
void overlay(const Blocks& blocks, const std::string& rule, TargetBlocks& target) {
  for (const auto& [location, block] : blocks) {
    Node& merged = target.blocks[location];
    if (merged.is_null()) {
      merged = Node::map();
      merged.at = block.at;
    }
    for (const auto& entry : block.entries) {
      domain::SourcedNode& value = target.values[fmt::format("{}.{}", domain::to_name(location), entry.key)];
      if (!value.origin.rule.empty()) value.losers.insert(value.losers.begin(), value.origin);
      value.value = entry.value;
      value.origin = {.at = entry.value.is_null() ? entry.key_at : entry.value.at, .rule = rule};
      put(merged, entry);
    }
  }
}

}  // namespace

const NamedFiles& target_files() {
  static const NamedFiles kind{.what = "target", .folder = "k8s-targets", .code = "DM210"};
  return kind;
}

std::optional<TargetBlocks> choose_target(const TargetChoice& choice, const std::string& root,
                                          const support::FileSource& files, support::Diagnostics& diagnostics) {
  TargetBlocks target;
  const bool flavour_counts = !choice.flavour_blocks.empty();
  if (flavour_counts) {
    overlay(choice.flavour_blocks, "flavour", target);
    target.looked_in.push_back(choice.flavour_file);
    target.rule = "flavour";
  }
  if (choice.target.empty() && flavour_counts) return target;
  const bool by_flag = !choice.target.empty();
  // k8s_default_config is a name below k8s-targets, whatever lies in the working directory.
  const std::string given =
      by_flag ? choice.target : join_path(join_path(root, target_files().folder), choice.default_target);
  const auto path = find_named_file(target_files(), given, root, files,
                                    by_flag ? support::SourceRef{} : choice.default_at, diagnostics);
  if (!path) return std::nullopt;
  const auto blocks = read_blocks(*path, files, diagnostics);
  if (!blocks) return std::nullopt;
  const std::string rule =
      by_flag ? fmt::format("-t {}", choice.target) : fmt::format("k8s-targets/{}", base_name(*path));
  overlay(*blocks, rule, target);
  target.looked_in.push_back(*path);
  target.rule = flavour_counts ? rule + " over flavour" : rule;
  return target;
}

}  // namespace datamill::config

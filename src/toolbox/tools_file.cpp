#include "toolbox/tools_file.hpp"

#include "datamill/config/yaml.hpp"
#include "datamill/support/enum_names.hpp"
#include "datamill/support/map_reader.hpp"
#include "datamill/support/text.hpp"
#include "toolbox/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::toolbox {

using support::Diagnostics;
using support::Entry;
using support::MapReader;
using support::Node;
using support::SourceRef;

namespace {

constexpr support::EnumTable<RecipeKind, 3> kRecipeKinds{{{RecipeKind::go_install, "go-install"},
                                                          {RecipeKind::go_module, "go-module"},
                                                          {RecipeKind::python_wheel, "python-wheel"}}};

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string version_text(MapReader& row, std::string_view key) {
  const std::string text = row.text_or(key, "");
  if (!text.empty() && !parse_version(text)) {
    row.diagnostics().error("DM412", row.at(key), fmt::format("\"{}\" is not a version", text),
                            "write three numbers: 1.36.3");
  }
  return text;
}

/// Placeholders replaced; one that is left is an error.
std::string expanded(MapReader& row, std::string_view key, const std::string& version) {
  const auto parsed = parse_version(version);
  std::string text = row.text_or(key, "");
  if (parsed) text = expand_version(std::move(text), *parsed);
  if (text.find('{') != std::string::npos) {
    row.diagnostics().error("DM413", row.at(key), fmt::format("unknown placeholder in \"{}\"", text),
                            "use {version}, {major}, {minor} or {patch}, and pin a version");
  }
  return text;
}

void check_sha256(Diagnostics& diagnostics, const SourceRef& at, const std::string& sha256) {
  if (sha256.empty() || is_sha256(sha256)) return;
  diagnostics.error("DM413", at, fmt::format("\"{}\" is not a sha256", sha256),
                    "write 64 lower-case hexadecimal digits");
}

ToolSpec::Download read_download(const Node& node, const ToolSpec& tool, Diagnostics& diagnostics) {
  MapReader row(node, fmt::format("a download of \"{}\"", tool.name), diagnostics);
  ToolSpec::Download download{.platform = row.required_text("platform"),
                              .url = expanded(row, "url", tool.version),
                              .sha256 = row.text_or("sha256", ""),
                              .member = expanded(row, "member", tool.version),
                              .tree = row.boolean("tree").value_or(false)};
  if (download.url.substr(0, 8) != "https://")
    diagnostics.error("DM413", row.at("url"), fmt::format("\"{}\" is not an https URL", download.url));
  check_sha256(diagnostics, row.at("sha256"), download.sha256);
  row.finish();
  return download;
}

ToolSpec read_tool(const Entry& entry, Diagnostics& diagnostics) {
  MapReader row(entry.value, fmt::format("tool \"{}\"", entry.key), diagnostics);
  ToolSpec tool{.name = entry.key,
                .version = version_text(row, "version"),
                .minimum = version_text(row, "minimum"),
                .probe = row.text_list("probe"),
                .binary = row.text_or("binary", entry.key),
                .on_path_ok = row.boolean("on_path_ok").value_or(true),
                .build = row.text_or("build", "")};
  tool.hint = expanded(row, "hint", tool.version);
  for (const Node& item : row.items("downloads"))
    tool.downloads.push_back(read_download(item, tool, diagnostics));
  if (tool.version.empty() && (!tool.build.empty() || !tool.downloads.empty()))
    diagnostics.error("DM412", entry.key_at, fmt::format("tool \"{}\" can be fetched but pins no version", tool.name));
  row.finish();
  return tool;
}

/// The version that the tools of a build agree on.
std::string version_of_build(const Entry& build, const ToolsFile& file, Diagnostics& diagnostics) {
  std::string version;
  for (const ToolSpec& tool : file.tools) {
    if (tool.build != build.key) continue;
    if (!version.empty() && tool.version != version) {
      diagnostics.error(
          "DM412", build.key_at,
          fmt::format("the tools of build \"{}\" pin different versions: {} and {}", build.key, version, tool.version),
          "one build makes all its tools from one version");
    }
    version = tool.version;
  }
  if (version.empty())
    diagnostics.error("DM410", build.key_at, fmt::format("no tool uses the build \"{}\"", build.key));
  return version;
}

void read_recipe_maps(MapReader& row, BuildRecipe& recipe) {
  const Node none;
  const Node* node = row.node("variables");
  MapReader variables(node != nullptr ? *node : none, fmt::format("variables of {}", row.what()), row.diagnostics());
  for (const Entry& variable : row.entries("variables"))
    recipe.variables.emplace_back(variable.key, expanded(variables, variable.key, recipe.version));
  for (const Entry& sum : row.entries("sha256")) {
    check_sha256(row.diagnostics(), sum.value.at, sum.value.scalar);
    recipe.sha256s[sum.key] = sum.value.scalar;
  }
}

BuildRecipe read_recipe(const Entry& entry, const ToolsFile& file, Diagnostics& diagnostics) {
  MapReader row(entry.value, fmt::format("build \"{}\"", entry.key), diagnostics);
  BuildRecipe recipe{.name = entry.key, .version = version_of_build(entry, file, diagnostics)};
  const std::string kind = row.required_text("kind");
  const auto known = support::value_of(kRecipeKinds, kind);
  if (!known && !kind.empty()) {
    diagnostics.error("DM123", row.at("kind"), fmt::format("unknown kind of build \"{}\"", kind),
                      fmt::format("use one of: {}", support::join(support::names_in(kRecipeKinds), ", ")));
  }
  recipe.kind = known.value_or(RecipeKind::go_install);
  recipe.module = row.required_text("module");
  recipe.packages = row.text_list("packages");
  recipe.main = row.text_or("main", "");
  recipe.replace_version = expanded(row, "replace_version", recipe.version);
  recipe.cost = row.duration("cost").value_or(recipe.cost);
  read_recipe_maps(row, recipe);
  row.finish();
  return recipe;
}

/// Every tool's build must be there and make that tool.
void check_builds(const ToolsFile& file, const Node& root, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const BuildRecipe& recipe : file.recipes)
    names.push_back(recipe.name);
  for (const ToolSpec& tool : file.tools) {
    if (tool.build.empty()) continue;
    const Node* node = root.find_path({"tools", tool.name, "build"});
    const SourceRef at = node == nullptr ? root.at : node->at;
    const BuildRecipe* recipe = file.recipe(tool.build);
    if (recipe == nullptr) {
      diagnostics.error("DM410", at,
                        fmt::format("tool \"{}\" names the build \"{}\", which is not there", tool.name, tool.build),
                        support::did_you_mean(tool.build, names));
      continue;
    }
    const auto makes_it = [&](const std::string& package) { return binary_of(package) == tool.name; };
    if (!recipe->packages.empty() && std::none_of(recipe->packages.begin(), recipe->packages.end(), makes_it)) {
      diagnostics.error("DM410", at,
                        fmt::format("build \"{}\" has no package that makes \"{}\"", tool.build, tool.name));
    }
  }
}

}  // namespace

const ToolSpec* ToolsFile::tool(std::string_view name) const {
  const auto found = std::find_if(tools.begin(), tools.end(), [&](const ToolSpec& t) { return t.name == name; });
  return found == tools.end() ? nullptr : &*found;
}

const BuildRecipe* ToolsFile::recipe(std::string_view name) const {
  const auto found = std::find_if(recipes.begin(), recipes.end(), [&](const BuildRecipe& r) { return r.name == name; });
  return found == recipes.end() ? nullptr : &*found;
}

std::string binary_of(std::string_view package) {
  return std::string(package.substr(package.rfind('/') + 1));
}

std::optional<ToolsFile> read_tools_file(std::string_view text, const std::string& file_name,
                                         Diagnostics& diagnostics) {
  const auto documents = config::parse_yaml(text, file_name, config::Documents::one, diagnostics);
  if (!documents) return std::nullopt;
  const Node root = documents->empty() ? Node{} : documents->front();
  Diagnostics found;
  ToolsFile file;
  MapReader top(root, "tools.yaml", found);
  for (const Entry& entry : top.entries("tools"))
    file.tools.push_back(read_tool(entry, found));
  for (const Entry& entry : top.entries("builds"))
    file.recipes.push_back(read_recipe(entry, file, found));
  check_builds(file, root, found);
  top.finish();
  for (const auto& item : found.items())
    diagnostics.add(item);
  if (found.has_errors()) return std::nullopt;
  return file;
}

}  // namespace datamill::toolbox

#include "config/catalogue.hpp"

#include "config/component_reader.hpp"
#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "datamill/support/side_by_side.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::Component;
using support::FileSource;
using support::SourceRef;

namespace {

constexpr std::string_view kFile = "component.yaml";
constexpr int kLongestChain = 8;
constexpr std::size_t kWorthThreads = 500;

/// What reading some of the folders gave, in their order.
struct Part {
  std::vector<Component> components{};
  support::Diagnostics diagnostics{};
};

void read_one(const std::string& folder, const std::string& name, const FileSource& files, bool everything,
              Part& part) {
  const std::string path = fmt::format("{}/{}", folder, kFile);
  const auto result = files.read(path, kMaxFileBytes);
  if (!result.text) {
    if (files.kind(path) != FileSource::Kind::missing)
      (void)read_text(files, path, part.diagnostics);  // says why
    else if (everything && files.kind(folder) == FileSource::Kind::directory)
      part.diagnostics.error("DM130", {.file = support::FileName(folder)},
                             fmt::format("component \"{}\" has no {}", name, kFile), "write it, or remove the folder");
    return;
  }
  const auto documents = parse_yaml(*result.text, path, Documents::one, part.diagnostics);
  if (!documents) return;
  support::Node nothing;
  nothing.at.file = support::FileName(path);
  const support::Node& root = documents->empty() ? nothing : documents->front();
  part.components.push_back(read_component(root, name, folder, part.diagnostics));
}

/// Thousands of components are read by a few threads.
std::vector<Part> read_parts(const std::string& folder, const FileSource& files, bool everything) {
  const auto names = files.list(folder);
  return support::side_by_side(names.size(), kWorthThreads, [&](std::size_t first, std::size_t last) {
    Part part;
    for (std::size_t i = first; i < last; ++i) {
      if (names[i].front() != '.') read_one(fmt::format("{}/{}", folder, names[i]), names[i], files, everything, part);
    }
    return part;
  });
}

void take_aliases(Catalogue& catalogue, support::Diagnostics& diagnostics) {
  for (const auto& [name, component] : catalogue.components) {
    for (const auto& alias : component.aliases) {
      const auto [taken, added] = catalogue.aliases.emplace(alias, name);
      if (catalogue.components.count(alias) > 0)
        diagnostics.error("DM144", component.at,
                          fmt::format("alias \"{}\" of component \"{}\" is a component's name", alias, name));
      else if (!added && taken->second != name)
        diagnostics.error(
            "DM144", component.at,
            fmt::format("alias \"{}\" of component \"{}\" belongs to \"{}\"", alias, name, taken->second));
    }
  }
}

/// Follows `replaced_by` to a component that is not retired; nullptr where the chain ends before.
const Component* replacement_of(const Catalogue& catalogue, const Component& retired) {
  const Component* current = &retired;
  for (int steps = 0; current != nullptr && current->retired() && steps < kLongestChain; ++steps)
    current = catalogue.find(current->replaced_by);
  return current != nullptr && !current->retired() ? current : nullptr;
}

std::optional<std::string> follow(const Catalogue& catalogue, const Component& retired, const SourceRef& at,
                                  WhereUnavailable unavailable, support::Diagnostics& diagnostics) {
  support::Diagnostic problem{.code = "DM203", .at = at};
  if (!retired.reason.empty()) problem.notes.push_back(retired.reason);
  const Component* replacement = replacement_of(catalogue, retired);
  if (replacement != nullptr) {
    problem.code = "DM204";
    problem.severity = support::Severity::warning;
    problem.message =
        fmt::format("component \"{}\" is retired; \"{}\" is used instead", retired.name, replacement->name);
    problem.hint = fmt::format("write {}", replacement->name);
  } else if (retired.replaced_by.empty()) {
    const bool skipped = unavailable == WhereUnavailable::skip;
    if (skipped) problem.severity = support::Severity::warning;
    problem.message =
        fmt::format("component \"{}\" cannot be installed{}", retired.name, skipped ? " and is left out" : "");
    problem.hint = "remove it from the list";
  } else {
    problem.message = fmt::format("component \"{}\" is retired", retired.name);
    problem.hint = fmt::format("its replacement is \"{}\", which this version does not have yet", retired.replaced_by);
  }
  diagnostics.add(std::move(problem));
  return replacement == nullptr ? std::nullopt : std::optional(replacement->name);
}

}  // namespace

const Component* Catalogue::find(const std::string& name) const {
  const auto found = components.find(name);
  return found == components.end() ? nullptr : &found->second;
}

std::vector<std::string> Catalogue::names() const {
  std::vector<std::string> names;
  for (const auto& [name, component] : components) {
    if (!component.retired()) names.push_back(name);
  }
  return names;
}

Catalogue read_catalogue(const std::string& root, const FileSource& files, bool everything,
                         support::Diagnostics& diagnostics) {
  Catalogue catalogue;
  for (auto& part : read_parts(join_path(root, "components"), files, everything)) {
    for (auto& component : part.components) {
      std::string name = component.name;
      catalogue.components.emplace_hint(catalogue.components.end(), std::move(name), std::move(component));
    }
    diagnostics.take(std::move(part.diagnostics));
  }
  take_aliases(catalogue, diagnostics);
  return catalogue;
}

std::optional<std::string> present_name(const Catalogue& catalogue, const std::string& name, const SourceRef& at,
                                        WhereUnavailable unavailable, support::Diagnostics& diagnostics) {
  const Component* component = catalogue.find(name);
  const auto alias = catalogue.aliases.find(name);
  if (component == nullptr && alias != catalogue.aliases.end()) {
    diagnostics.warning("DM205", at, fmt::format("\"{}\" is an old name of component \"{}\"", name, alias->second),
                        fmt::format("write {}", alias->second));
    component = catalogue.find(alias->second);
  }
  if (component == nullptr) {
    std::string hint = support::did_you_mean(name, catalogue.names());
    if (!hint.empty()) hint += " ";
    diagnostics.error("DM201", at, fmt::format("unknown component \"{}\"", name),
                      hint + "`datamill list components` shows all names");
    return std::nullopt;
  }
  return component->retired() ? follow(catalogue, *component, at, unavailable, diagnostics) : component->name;
}

}  // namespace datamill::config

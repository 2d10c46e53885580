#include "cli/diff_report.hpp"

#include "cli/diff_objects.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::cli {

using support::Node;

namespace {

constexpr std::size_t kValueWidth = 72;
constexpr std::array kActions{std::pair{DiffAction::add, std::string_view("add")},
                              std::pair{DiffAction::change, std::string_view("change")},
                              std::pair{DiffAction::remove, std::string_view("remove")}};

std::string value_text(const std::string& value) {
  return value.empty() ? "(none)" : support::elide_middle(value, kValueWidth);
}

std::string change_line(const FieldChange& change) {
  if (change.hidden) return fmt::format("      {}: (differs; not shown)\n", change.path);
  return fmt::format("      {}: {} -> {}\n", change.path, value_text(change.live), value_text(change.wanted));
}

std::string object_text(const DiffObject& object) {
  const char sign = object.action == DiffAction::add ? '+' : object.action == DiffAction::remove ? '-' : '~';
  auto text = fmt::format("  {} {}\n", sign, display_name(object.object));
  for (const auto& change : object.changes)
    text += change_line(change);
  return text;
}

/// "1 to add, 2 to change, 5 unchanged"; "unchanged" alone where nothing differs.
std::string counts_text(const std::vector<const DiffComponent*>& components) {
  std::vector<std::string> parts;
  const auto total = [&](DiffAction action) {
    std::size_t sum = 0;
    for (const auto* component : components)
      sum += component->count(action);
    return sum;
  };
  for (const auto& [action, word] : kActions) {
    if (const auto count = total(action); count > 0) parts.push_back(fmt::format("{} to {}", count, word));
  }
  parts.push_back(fmt::format("{} unchanged", total(DiffAction::unchanged)));
  return support::join(parts, ", ");
}

std::string component_text(const DiffComponent& component, const std::string& restore) {
  auto text = fmt::format("{} (namespace {}): {}\n", component.name, component.ns, counts_text({&component}));
  for (const auto& object : component.objects) {
    if (object.action != DiffAction::unchanged) text += object_text(object);
  }
  for (const auto& problem : component.problems)
    text += fmt::format("  ! {}\n", problem);
  // The same reason once for all of them.
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (const auto& left : component.not_compared) {
    const auto known =
        std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) { return reason.first == left.why; });
    if (known == reasons.end())
      reasons.push_back({left.why, {left.what}});
    else
      known->second.push_back(left.what);
  }
  for (const auto& [why, what] : reasons)
    text += fmt::format("  not compared, for {}: {}\n", why, support::join(what, ", "));
  if (component.differs() && !component.planned && component.problems.empty()) {
    text +=
        fmt::format("  changed in the cluster, not in the files; `{} -c {}` puts it back\n", restore, component.name);
    // Server-side apply: the field belongs to whoever wrote it last.
    if (component.count(DiffAction::change) > 0)
      text += "  (where helm then reports a conflict, change that field back by hand first: kubectl edit)\n";
  }
  return text;
}

Node counts_node(const std::vector<const DiffComponent*>& components) {
  auto node = Node::map();
  const auto set = [&](std::string_view word, DiffAction action) {
    std::size_t sum = 0;
    for (const auto* component : components)
      sum += component->count(action);
    node.set(std::string(word), Node::integer(static_cast<long long>(sum)));
  };
  for (const auto& [action, word] : kActions)
    set(word, action);
  set("unchanged", DiffAction::unchanged);
  return node;
}

Node object_node(const DiffObject& object) {
  auto node = Node::map();
  const auto known =
      std::find_if(kActions.begin(), kActions.end(), [&](const auto& row) { return row.first == object.action; });
  node.set("action", Node::text(known == kActions.end() ? "unchanged" : std::string(known->second)));
  node.set("api_version", Node::text(object.object.api_version));
  node.set("kind", Node::text(object.object.kind));
  node.set("namespace", Node::text(object.object.ns));
  node.set("name", Node::text(object.object.name));
  auto changes = Node::sequence();
  for (const auto& change : object.changes) {
    auto field = Node::map();
    field.set("path", Node::text(change.path));
    field.set("live", Node::text(change.live));
    field.set("wanted", Node::text(change.wanted));
    field.set("hidden", Node::boolean(change.hidden));
    changes.items.push_back(std::move(field));
  }
  node.set("changes", std::move(changes));
  return node;
}

Node component_node(const DiffComponent& component) {
  auto node = Node::map();
  node.set("name", Node::text(component.name));
  node.set("namespace", Node::text(component.ns));
  node.set("planned", Node::boolean(component.planned));
  node.set("summary", counts_node({&component}));
  auto objects = Node::sequence();
  for (const auto& object : component.objects)
    objects.items.push_back(object_node(object));
  node.set("objects", std::move(objects));
  auto left = Node::sequence();
  for (const auto& item : component.not_compared) {
    auto row = Node::map();
    row.set("what", Node::text(item.what));
    row.set("why", Node::text(item.why));
    left.items.push_back(std::move(row));
  }
  node.set("not_compared", std::move(left));
  auto problems = Node::sequence();
  for (const auto& problem : component.problems)
    problems.items.push_back(Node::text(problem));
  node.set("problems", std::move(problems));
  return node;
}

std::vector<const DiffComponent*> all_of_them(const std::vector<DiffComponent>& components) {
  std::vector<const DiffComponent*> pointers;
  for (const auto& component : components)
    pointers.push_back(&component);
  return pointers;
}

}  // namespace

std::size_t DiffComponent::count(DiffAction action) const {
  return static_cast<std::size_t>(
      std::count_if(objects.begin(), objects.end(), [&](const DiffObject& object) { return object.action == action; }));
}

std::string diff_text(const std::vector<DiffComponent>& components, const std::string& restore) {
  std::string text;
  for (const auto& component : components)
    text += component_text(component, restore);
  return text + fmt::format("In all: {}\n", counts_text(all_of_them(components)));
}

std::string diff_json(const std::vector<DiffComponent>& components) {
  auto list = Node::sequence();
  for (const auto& component : components)
    list.items.push_back(component_node(component));
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("diff"));
  document.set("components", std::move(list));
  document.set("summary", counts_node(all_of_them(components)));
  return support::write_json(document) + "\n";
}

}  // namespace datamill::cli

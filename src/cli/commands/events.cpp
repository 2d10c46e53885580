#include "datamill/inventory/events.hpp"

#include "cli/commands/commands.hpp"
#include "cli/pods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace datamill::cli {

using inventory::ClusterEvent;
using support::ExitCode;
using support::Node;

namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// Namespaces in which something of ours is.
std::vector<std::string> our_namespaces(const domain::ClusterSnapshot& snapshot) {
  std::vector<std::string> names;
  for (const auto& space : snapshot.namespaces) {
    if (space.ours) add_once(names, space.name);
  }
  for (const auto& entry : snapshot.inventory)
    add_once(names, entry.ns);
  for (const auto& release : snapshot.releases) {
    if (!release.component.empty()) add_once(names, release.ns);
  }
  return names;
}

std::vector<ClusterEvent> read_events(Session& session, const std::vector<std::string>& namespaces) {
  if (namespaces.empty()) return {};
  return inventory::parse_events(session.read(inventory::events_read(namespaces, session.access()), "the events"),
                                 namespaces);
}

std::vector<ClusterEvent> events_of_component(Session& session) {
  const auto belongings = find_component(session);
  const auto objects = read_objects(session, belongings);
  auto events = read_events(session, belongings.namespaces());
  events.erase(std::remove_if(events.begin(), events.end(),
                              [&](const ClusterEvent& event) { return !inventory::concerns(event, objects); }),
               events.end());
  return events;
}

std::string events_json(const std::vector<ClusterEvent>& events) {
  auto list = Node::sequence();
  for (const auto& event : events) {
    auto node = Node::map();
    node.set("time", Node::text(event.time));
    node.set("type", Node::text(event.type));
    node.set("reason", Node::text(event.reason));
    node.set("namespace", Node::text(event.ns));
    node.set("kind", Node::text(event.kind));
    node.set("name", Node::text(event.name));
    node.set("count", Node::integer(event.count));
    node.set("message", Node::text(event.message));
    list.items.push_back(std::move(node));
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("events", std::move(list));
  return support::write_json(document) + "\n";
}

std::string age_of(const ClusterEvent& event) {
  const auto time = inventory::parse_time(event.time);
  if (!time) return "?";
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return inventory::format_age(now - *time);
}

std::string events_table(const std::vector<ClusterEvent>& events, bool wide, int width) {
  std::vector<std::vector<std::string>> rows;
  rows.push_back(wide ? std::vector<std::string>{"AGE", "TYPE", "REASON", "NAMESPACE", "OBJECT", "COUNT", "MESSAGE"}
                      : std::vector<std::string>{"AGE", "TYPE", "REASON", "OBJECT", "MESSAGE"});
  for (const auto& event : events) {
    const auto object = fmt::format("{}/{}", event.kind, event.name);
    rows.push_back(wide ? std::vector<std::string>{age_of(event), event.type, event.reason, event.ns, object,
                                                   fmt::format("{}", event.count), event.message}
                        : std::vector<std::string>{age_of(event), event.type, event.reason, object, event.message});
  }
  return ui::render_table(rows, width);
}

}  // namespace

ExitCode events_command(App& app) {
  Session session(app, Session::Use::cluster);
  reach_cluster(session);
  const auto events = app.options.components.empty() ? read_events(session, our_namespaces(session.snapshot()))
                                                     : events_of_component(session);
  if (app.json()) {
    app.print(events_json(events));
  } else if (events.empty()) {
    app.say("no events: the cluster forgets them after an hour");
  } else {
    const bool wide = app.options.output == Output::wide;
    app.print(events_table(events, wide, wide || !app.out.is_terminal ? 0 : app.out.width));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli

#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using domain::SourcedNode;
using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

std::string shown(const Node& value) {
  if (value.is_null()) return "null";
  return value.is_scalar() ? value.scalar : support::write_json(value);
}

std::string place(const domain::Origin& origin) {
  const auto at = support::to_text(origin.at);
  return at.empty() ? origin.rule : fmt::format("{} ({})", at, origin.rule);
}

Node origin_node(const domain::Origin& origin) {
  auto node = Node::map();
  node.set("file", Node::text(origin.at.file.str()));
  node.set("line", Node::integer(origin.at.line));
  node.set("column", Node::integer(origin.at.column));
  node.set("rule", Node::text(origin.rule));
  return node;
}

Node value_node(const std::string& key, const SourcedNode& value) {
  auto losers = Node::sequence();
  for (const auto& loser : value.losers)
    losers.items.push_back(origin_node(loser));
  auto node = Node::map();
  node.set("key", Node::text(key));
  node.set("value", value.value);
  node.set("origin", origin_node(value.origin));
  node.set("losers", std::move(losers));
  return node;
}

void show(const App& app, const Session& session) {
  const auto& values = session.workspace().values;
  if (app.json()) {
    auto list = Node::sequence();
    for (const auto& [key, value] : values)
      list.items.push_back(value_node(key, value));
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("values", std::move(list));
    return app.print(support::write_json(document) + "\n");
  }
  std::vector<std::vector<std::string>> rows{{"KEY", "VALUE"}};
  if (app.options.show_origin) rows.front().emplace_back("ORIGIN");
  for (const auto& [key, value] : values) {
    rows.push_back({key, shown(value.value)});
    if (app.options.show_origin) rows.back().push_back(place(value.origin));
  }
  app.print(ui::render_table(rows, 0));
}

/// What a target does not say has no value here: each provider has defaults of its own.
[[noreturn]] void refuse_unknown(const std::map<std::string, SourcedNode>& values, const std::string& key) {
  std::vector<std::string> keys;
  for (const auto& [known, value] : values)
    keys.push_back(known);
  auto hint = support::did_you_mean(key, keys);
  if (hint.empty()) hint = "`datamill config show` prints all that are set";
  const auto block = key.substr(0, key.find('.'));
  const bool of_target = block == "local" || block == "remote" || block == "hybrid";
  throw Failure(ExitCode::usage, "DM010",
                of_target
                    ? fmt::format("\"{}\" is set nowhere: the provider's default counts, if it knows the key", key)
                    : fmt::format("no setting is called \"{}\"", key),
                std::move(hint));
}

void explain(const App& app, const Session& session, const std::string& key) {
  const auto& values = session.workspace().values;
  const auto found = values.find(key);
  if (found == values.end()) refuse_unknown(values, key);
  if (app.json()) {
    auto document = value_node(key, found->second);
    document.entries.insert(document.entries.begin(), {.key = "v", .value = Node::integer(1)});
    return app.print(support::write_json(document) + "\n");
  }
  std::string text =
      fmt::format("{} = {}\n  from   {}\n", key, shown(found->second.value), place(found->second.origin));
  for (const auto& loser : found->second.losers)
    text += fmt::format("  over   {}\n", place(loser));
  app.print(text);
}

}  // namespace

ExitCode config_command(App& app) {
  // The target's values belong to a location; without one asked for, the local one is shown.
  const Session session(app, Session::Use::cluster);
  if (app.options.arguments.front() == "explain") {
    explain(app, session, app.options.arguments.at(1));
  } else {
    show(app, session);
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli

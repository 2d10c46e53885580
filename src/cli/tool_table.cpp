#include "cli/tool_table.hpp"

#include "datamill/support/node.hpp"

namespace datamill::cli {

using support::Node;

namespace {

std::string tools_json(const std::vector<toolbox::ToolStatus>& statuses) {
  auto tools = Node::sequence();
  for (const auto& status : statuses) {
    auto node = Node::map();
    node.set("name", Node::text(status.name));
    node.set("ok", Node::boolean(status.ok()));
    node.set("version", Node::text(status.version));
    node.set("origin", Node::text(std::string(to_name(status.origin))));
    node.set("path", Node::text(status.path));
    node.set("problem", Node::text(status.problem));
    tools.items.push_back(std::move(node));
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("tools", std::move(tools));
  return support::write_json(document) + "\n";
}

}  // namespace

void print_tools(const App& app, const std::vector<toolbox::ToolStatus>& statuses) {
  if (app.json()) return app.print(tools_json(statuses));
  std::vector<std::vector<std::string>> rows{{"TOOL", "VERSION", "FROM", "WHERE"}};
  for (const auto& status : statuses) {
    const auto version = status.version.empty() ? std::string("-") : status.version;
    rows.push_back(
        {status.name, version, std::string(to_name(status.origin)), status.ok() ? status.path : status.problem});
  }
  app.print(ui::render_table(rows, app.options.output == Output::wide || !app.out.is_terminal ? 0 : app.out.width));
}

}  // namespace datamill::cli

#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Node;
using Rows = std::vector<std::vector<std::string>>;

namespace {

std::string join_capabilities(const domain::Component& component) {
  std::vector<std::string> names;
  for (const auto& provision : component.provides)
    names.push_back(provision.capability);
  return support::join(names, ",");
}

std::string join_needs(const domain::Component& component) {
  std::vector<std::string> names;
  for (const auto& need : component.needs)
    names.push_back(need.name);
  return support::join(names, ",");
}

Rows components(Session& session) {
  Rows rows{{"NAME", "CATEGORY", "PROVIDES", "NEEDS", "SUMMARY"}};
  for (const auto& [name, component] : session.workspace().catalogue) {
    const auto retired =
        component.replaced_by.empty() ? component.reason : fmt::format("retired: use {}", component.replaced_by);
    rows.push_back({name, component.retired() ? "-" : component.category, join_capabilities(component),
                    join_needs(component), component.retired() ? retired : component.summary});
  }
  return rows;
}

/// The first comment line of a file says what it is for.
std::string headline(const std::string& text) {
  for (const auto& line : support::split_lines(text)) {
    if (!line.starts_with("#")) break;
    const auto words = support::trim(std::string_view(line).substr(1));
    if (!words.empty()) return std::string(words);
  }
  return {};
}

Rows files(Session& session, const std::string& folder) {
  Rows rows{{"NAME", "FILE", "SUMMARY"}};
  const auto& source = session.app().files;
  for (const auto& name : source.list(fmt::format("{}/{}", session.workspace().root, folder))) {
    if (!name.ends_with(".yaml")) continue;
    const auto path = fmt::format("{}/{}/{}", session.workspace().root, folder, name);
    rows.push_back({name.substr(0, name.size() - 5), fmt::format("{}/{}", folder, name),
                    headline(source.read(path, 1U << 20U).text.value_or(""))});
  }
  return rows;
}

Rows providers() {
  Rows rows{{"NAME", "LOCATION", "SUMMARY"}};
  for (const auto& provider : planner::providers()) {
    rows.push_back(
        {std::string(provider.name), std::string(domain::to_name(provider.location)), std::string(provider.summary)});
  }
  return rows;
}

std::string rows_json(const Rows& rows, const std::string& what) {
  auto items = Node::sequence();
  for (std::size_t i = 1; i < rows.size(); ++i) {
    auto item = Node::map();
    for (std::size_t column = 0; column < rows[i].size(); ++column) {
      std::string key = rows[0][column];
      for (auto& letter : key)
        letter = static_cast<char>(letter - 'A' + 'a');
      item.set(std::move(key), Node::text(rows[i][column]));
    }
    items.items.push_back(std::move(item));
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set(what, std::move(items));
  return support::write_json(document) + "\n";
}

}  // namespace

ExitCode list_command(App& app) {
  Session session(app, Session::Use::configuration);
  const auto& what = app.options.arguments.front();
  const auto rows = what == "components"  ? components(session)
                    : what == "providers" ? providers()
                                          : files(session, what == "targets" ? "k8s-targets" : "flavours");
  if (app.json()) {
    app.print(rows_json(rows, what));
  } else if (app.options.output == Output::name) {
    for (std::size_t i = 1; i < rows.size(); ++i)
      app.print(rows[i][0] + "\n");
  } else {
    app.print(ui::render_table(rows, app.options.output == Output::wide || !app.out.is_terminal ? 0 : app.out.width));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli

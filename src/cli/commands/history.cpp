#include "cli/commands/commands.hpp"
#include "cli/run_store.hpp"
#include "datamill/exec/run_summary.hpp"
#include "datamill/ui/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using support::ExitCode;
using support::Node;

ExitCode history_command(App& app) {
  constexpr int kUsual = 20;
  auto ids = run_ids(app.folders.state, app.files);
  ids.resize(std::min(ids.size(), static_cast<std::size_t>(app.options.limit.value_or(kUsual))));
  if (app.options.output == Output::name) {
    for (const auto& id : ids)
      app.print(id + "\n");
    return ExitCode::ok;
  }
  std::vector<exec::RunRecord> runs;
  for (const auto& id : ids)
    runs.push_back(load_run(app.folders.state, id, RunDetail::summary, app.files));
  if (app.json()) {
    auto list = Node::sequence();
    for (const auto& run : runs)
      list.items.push_back(exec::run_summary_node(run));
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("runs", std::move(list));
    app.print(support::write_json(document) + "\n");
  } else if (runs.empty()) {
    app.say(fmt::format("no runs in {}/runs", app.folders.state));
  } else {
    app.print(ui::history_table(runs, app.out.is_terminal ? app.out.width : 0));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli

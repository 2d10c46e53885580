#include "cli/commands/commands.hpp"
#include "cli/debug_owner.hpp"
#include "cli/job_request.hpp"
#include "cli/job_submit.hpp"
#include "cli/job_watch.hpp"
#include "cli/pods.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

std::vector<inventory::JobRow> read_jobs(Session& session, const std::string& ns) {
  return inventory::parse_jobs(session.read(inventory::jobs_read(ns, session.access()), "the jobs"));
}

[[noreturn]] void fail_without_job(Session& session, const std::string& ns, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& row : read_jobs(session, ns))
    names.push_back(row.name);
  auto hint = support::did_you_mean(name, names);
  if (hint.empty())
    hint = names.empty() ? "there is none; jobs that failed stay for an hour, others go when they are done"
                         : fmt::format("there are: {}", support::join(names, ", "));
  throw Failure(ExitCode::usage, "DM077", fmt::format("there is no job \"{}\" in namespace {}", name, ns), hint);
}

ExitCode logs(Session& session, const std::string& name) {
  const auto ns = job_namespace(session);
  JobWatch watch(session, ns, name);
  const auto rows = read_jobs(session, ns);
  const bool known =
      std::any_of(rows.begin(), rows.end(), [&](const inventory::JobRow& row) { return row.name == name; });
  if (!known) fail_without_job(session, ns, name);
  if (session.app().options.follow) {
    (void)watch.follow();
    return ExitCode::ok;
  }
  const auto state = watch.look();
  if (state.state != "running" && state.state != "terminated") {
    const auto why = !state.unschedulable.empty() ? state.unschedulable : state.reason;
    throw Failure(ExitCode::step_failed, "DM025", fmt::format("job {} has no log yet: {}", name, why),
                  fmt::format("`{} job logs {} -F` waits for it", session.app().program, name));
  }
  watch.print_log(state.pod);
  return ExitCode::ok;
}

Node row_node(const inventory::JobRow& row) {
  auto node = Node::map();
  node.set("name", Node::text(row.name));
  node.set("state", Node::text(row.state));
  node.set("created", Node::text(row.created));
  node.set("image", Node::text(row.image));
  node.set("reason", Node::text(row.reason));
  return node;
}

ExitCode list(Session& session) {
  const auto& app = session.app();
  const auto ns = job_namespace(session);
  const auto rows = read_jobs(session, ns);
  if (app.json()) {
    auto jobs = Node::sequence();
    for (const auto& row : rows)
      jobs.items.push_back(row_node(row));
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("type", Node::text("jobs"));
    document.set("namespace", Node::text(ns));
    document.set("jobs", std::move(jobs));
    app.print(support::write_json(document) + "\n");
    return ExitCode::ok;
  }
  if (rows.empty()) {
    app.say(fmt::format("no jobs in namespace {}", ns));
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> table{{"JOB", "STATE", "AGE", "IMAGE", "REASON"}};
  for (const auto& row : rows)
    table.push_back({row.name, row.state, support::format_duration(age_of(row.created)), row.image, row.reason});
  app.print(ui::render_table(table, app.out.is_terminal ? app.out.width : 0));
  return ExitCode::ok;
}

/// Flags of `submit` would do nothing elsewhere, nor would --follow where nothing is printed.
void refuse_misfits(const Options& options, const std::string& topic) {
  const bool of_submit = !options.name.empty() || !options.debug_image.empty() || !options.cpu.empty() ||
                         !options.memory.empty() || options.gpus || options.keep || options.detach ||
                         !options.variables.empty();
  if (of_submit && topic != "submit")
    throw Failure(
        ExitCode::usage, "DM003",
        fmt::format("--name, --image, --cpu, --memory, --gpu, --keep, --detach and --env do not go with job {}", topic),
        "they go with job submit");
  if (options.follow && topic != "logs")
    throw Failure(ExitCode::usage, "DM003", fmt::format("--follow does not go with job {}", topic),
                  "it goes with job logs; job submit follows unless --detach is given");
}

}  // namespace

/// `submit` ends with the exit code of the job's container, whatever that means there.
ExitCode job_command(App& app) {
  const auto& words = app.options.arguments;
  refuse_misfits(app.options, words.front());
  Session session(app, Session::Use::cluster, app.options.flavour.empty());
  if (words.front() == "submit") return submit_job(session, {std::next(words.begin()), words.end()});
  refuse_simulated(session);
  reach_cluster(session);
  refuse_simulated(session);
  return words.front() == "logs" ? logs(session, words.at(1)) : list(session);
}

}  // namespace datamill::cli

#include "cli/run_store.hpp"

#include "datamill/proc/process.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <tuple>

#include <unistd.h>

namespace datamill::cli {

using exec::RunRecord;
using support::ExitCode;
using support::Failure;
using support::FileSource;

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
constexpr std::size_t kKeptRuns = 200;
constexpr auto kKeptFor = std::chrono::days(90);

std::string folder_of(const std::string& state, const std::string& id) {
  return fmt::format("{}/runs/{}", state, id);
}

/// "20261121-073355-4711-1" by time, then process, then number as numbers.
auto order_of(const std::string& id) {
  const auto parts = support::split(id, '-');
  const auto number = [&](std::size_t i) {
    return i < parts.size() ? support::parse_integer(parts[i]).value_or(0) : std::int64_t{0};
  };
  return std::tuple(exec::time_of_run_id(id), number(2), number(3), id);
}

/// The process by the run's own word. Runs of older versions have only its number, in their id: that counts if the
/// process is a datamill.
exec::ProcessState process_of(const RunRecord& record) {
  const auto alive = [](bool lives) { return lives ? exec::ProcessState::alive : exec::ProcessState::gone; };
  if (record.process) {
    const auto found = proc::identify(static_cast<pid_t>(record.process->pid));
    return alive(found && found->start == record.process->start && found->boot == record.process->boot);
  }
  const auto parts = support::split(record.id, '-');
  const auto pid = parts.size() > 2 ? support::parse_integer(parts[2]).value_or(0) : 0;
  const auto found = pid > 0 ? proc::identify(static_cast<pid_t>(pid)) : std::nullopt;
  const auto ours = proc::identify(getpid());
  return alive(found && ours && found->pid != ours->pid && found->executable == ours->executable);
}

/// A log that was never written is not named.
void keep_logs_that_are_there(RunRecord& record, const std::vector<std::string>& names) {
  const std::set<std::string> there(names.begin(), names.end());
  for (auto& step : record.steps) {
    if (there.count(step.log) == 0) step.log.clear();
  }
}

std::string some_of(const std::vector<std::string>& ids) {
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> shown(ids.begin(),
                                       ids.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, ids.size())));
  return support::join(shown, ", ") + (ids.size() > kShown ? ", ..." : "");
}

}  // namespace

std::vector<std::string> run_ids(const std::string& state, const FileSource& files) {
  auto ids = files.list(state + "/runs");
  std::erase_if(ids, [](const std::string& name) { return !exec::time_of_run_id(name); });
  std::sort(ids.begin(), ids.end(),
            [](const std::string& a, const std::string& b) { return order_of(a) > order_of(b); });
  return ids;
}

RunRecord load_run(const std::string& state, const std::string& id, RunDetail detail, const FileSource& files) {
  const auto folder = folder_of(state, id);
  std::vector<std::string> problems;
  const auto read = [&](const std::string& name) {
    const auto path = fmt::format("{}/{}", folder, name);
    auto result = files.read(path, kMostBytes);
    if (!result.text && files.kind(path) != FileSource::Kind::missing)
      problems.push_back(fmt::format("{}: {}", name, result.problem));
    return std::move(result.text);
  };
  exec::RunTexts texts{.id = id, .head = read("run.json"), .plan = {}, .events = read("events.jsonl")};
  if (detail == RunDetail::whole) texts.plan = read("plan.json");
  auto record = exec::read_run_record(texts);
  record.problems.insert(record.problems.begin(), problems.begin(), problems.end());
  record.log_directory = folder;
  exec::settle(record, process_of(record));
  keep_logs_that_are_there(record, files.list(folder));
  return record;
}

std::string find_run(const std::string& state, const std::string& word, const FileSource& files) {
  const auto ids = run_ids(state, files);
  if (ids.empty()) {
    throw Failure(ExitCode::usage, "DM580", fmt::format("there are no runs in \"{}/runs\"", state),
                  "install something first, or name another state folder with --state-dir");
  }
  if (word.empty() || word == "last") return ids.front();
  if (std::find(ids.begin(), ids.end(), word) != ids.end()) return word;
  std::vector<std::string> found;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(found),
               [&](const std::string& id) { return id.starts_with(word); });
  if (found.size() == 1) return found.front();
  if (!found.empty()) {
    throw Failure(ExitCode::usage, "DM582", fmt::format("\"{}\" is the beginning of {} runs", word, found.size()),
                  "give more of it: " + some_of(found));
  }
  auto hint = support::did_you_mean(word, ids);
  if (hint.empty()) hint = "the newest are: " + some_of(ids);
  throw Failure(ExitCode::usage, "DM581", fmt::format("there is no run \"{}\"", word),
                hint + "; `datamill history` lists them");
}

void prune_runs(const std::string& state, const std::string& current, const FileSource& files) {
  const auto ids = run_ids(state, files);
  const auto oldest = std::chrono::system_clock::now() - kKeptFor;
  for (std::size_t i = kKeptRuns; i < ids.size(); ++i) {
    if (ids[i] == current || *exec::time_of_run_id(ids[i]) >= oldest) continue;
    if (load_run(state, ids[i], RunDetail::summary, files).outcome == exec::RunOutcome::running) continue;
    std::error_code ignored;
    std::filesystem::remove_all(folder_of(state, ids[i]), ignored);
  }
}

}  // namespace datamill::cli

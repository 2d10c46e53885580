#include "cli/run_store.hpp"

#include "datamill/exec/run_summary.hpp"
#include "datamill/proc/process.hpp"
#include "datamill/support/diagnostic.hpp"
#include "support/catch.hpp"
#include "support/run_texts.hpp"
#include "support/temp_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <unistd.h>

namespace datamill::cli {

namespace {

using exec::RunOutcome;
using tests::TempFolder;

const support::DiskFileSource kFiles;

std::string id_of_days_ago(int days, int number) {
  const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - std::chrono::days(days));
  return fmt::format("{:%Y%m%d-%H%M%S}-4194304-{}", fmt::gmtime(time), number);
}

void write_run(const TempFolder& folder, const std::string& id, const std::string& events) {
  (void)folder.write(fmt::format("runs/{}/events.jsonl", id), events);
}

/// run.json of a run whose process is that one.
std::string head_of(const proc::ProcessIdentity& process, const std::string& boot) {
  return fmt::format(R"({{"v":1,"command":"install","pid":{},"pid_start":{},"boot_id":"{}"}})", process.pid,
                     process.start, boot);
}

std::string refused(const std::string& state, const std::string& word) {
  try {
    return find_run(state, word, kFiles);
  } catch (const support::Failure& failure) {
    CHECK(failure.exit_code() == support::ExitCode::usage);
    const auto& item = failure.diagnostics().items().front();
    return fmt::format("{}: {} | {}", item.code, item.message, item.hint);
  }
}

}  // namespace

TEST_CASE("runs are listed newest first, and nothing else is one", "[cli][runs]") {
  const TempFolder folder;
  CHECK(run_ids(folder.path(), kFiles).empty());
  for (const auto* id : {"20261121-073355-9-2", "20261121-073355-9-10", "20261121-073355-10-1", "20261121-073354-99-1",
                         "20270101-000000-1-1", "tmp", "20261121-073355-9-2.old"})
    write_run(folder, id, "");
  CHECK(run_ids(folder.path(), kFiles) == std::vector<std::string>{"20270101-000000-1-1", "20261121-073355-10-1",
                                                                   "20261121-073355-9-10", "20261121-073355-9-2",
                                                                   "20261121-073354-99-1"});
}

TEST_CASE("a run is found by the beginning of its id", "[cli][runs]") {
  const TempFolder folder;
  CHECK(refused(folder.path(), "last").starts_with("DM580: there are no runs in"));
  for (const auto* id : {"20261121-073355-9-2", "20261121-073355-9-20", "20261122-073355-9-1"})
    write_run(folder, id, "");
  CHECK(find_run(folder.path(), "", kFiles) == "20261122-073355-9-1");
  CHECK(find_run(folder.path(), "last", kFiles) == "20261122-073355-9-1");
  CHECK(find_run(folder.path(), "20261122", kFiles) == "20261122-073355-9-1");
  // A whole id that is the beginning of another one is no beginning.
  CHECK(find_run(folder.path(), "20261121-073355-9-2", kFiles) == "20261121-073355-9-2");
  CHECK(refused(folder.path(), "20261121") == "DM582: \"20261121\" is the beginning of 2 runs | give more of it: "
                                              "20261121-073355-9-20, 20261121-073355-9-2");
  CHECK(refused(folder.path(), "20261122-073356-9-1") ==
        "DM581: there is no run \"20261122-073356-9-1\" | did you mean \"20261122-073355-9-1\"?; `datamill history` "
        "lists them");
  CHECK(refused(folder.path(), "../..").starts_with("DM581"));
}

TEST_CASE("a run without an end runs only while its very process lives", "[cli][runs]") {
  const TempFolder folder;
  const auto ours = proc::identify(getpid());
  REQUIRE(ours);
  auto other = *ours;
  other.start = "1";
  const std::string id = "20261121-073355-1-1";
  write_run(folder, id, tests::run_started() + tests::started("56.000", 0));
  const auto outcome = [&](const std::string& head) {
    (void)folder.write("runs/" + id + "/run.json", head);
    return load_run(folder.path(), id, RunDetail::summary, kFiles).outcome;
  };
  CHECK(outcome(head_of(*ours, ours->boot)) == RunOutcome::running);
  CHECK(outcome(head_of(other, ours->boot)) == RunOutcome::cut_off);
  CHECK(outcome(head_of(*ours, "another boot")) == RunOutcome::cut_off);
  CHECK(outcome("") == RunOutcome::cut_off);
}

TEST_CASE("logs are named where they are, and unreadable files are told", "[cli][runs]") {
  const TempFolder folder;
  const std::string id = "20261121-073355-1-1";
  write_run(folder, id, tests::failed_run());
  (void)folder.write("runs/" + id + "/003-install-release-lake.log", "x");
  std::filesystem::create_directories(folder.path("runs/" + id + "/plan.json"));
  const auto run = load_run(folder.path(), id, RunDetail::whole, kFiles);
  CHECK(run.steps[2].log == "003-install-release-lake.log");
  CHECK(run.steps[0].log.empty());
  CHECK(run.log_directory == folder.path("runs/" + id));
  REQUIRE(run.problems.size() == 1);
  CHECK(run.problems[0].starts_with("plan.json: "));
}

TEST_CASE("old runs go, new and running ones and the current one stay", "[cli][runs]") {
  const TempFolder folder;
  constexpr int kOld = 4;
  for (int i = 0; i < 200; ++i)
    write_run(folder, id_of_days_ago(1, i + 1), "");
  const auto within = id_of_days_ago(89, 1);
  const auto old = id_of_days_ago(91, 2);
  const auto current = id_of_days_ago(100, 3);
  const auto running = id_of_days_ago(101, 4);
  for (const auto& id : {within, old, current, running})
    write_run(folder, id, tests::run_started());
  const auto ours = proc::identify(getpid());
  REQUIRE(ours);
  (void)folder.write("runs/" + running + "/run.json", head_of(*ours, ours->boot));
  (void)folder.write("runs/20200101-keep/note", "not a run");
  prune_runs(folder.path(), current, kFiles);
  const auto left = run_ids(folder.path(), kFiles);
  CHECK(left.size() == 200 + kOld - 1);
  CHECK(std::find(left.begin(), left.end(), old) == left.end());
  CHECK(kFiles.kind(folder.path("runs/20200101-keep/note")) == support::FileSource::Kind::file);
  // Few runs stay, however old they are.
  const TempFolder small;
  write_run(small, old, "");
  prune_runs(small.path(), "", kFiles);
  CHECK(run_ids(small.path(), kFiles).size() == 1);
}

}  // namespace datamill::cli

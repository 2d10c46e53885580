#pragma once

#include "datamill/domain/finding.hpp"
#include "datamill/exec/event.hpp"
#include "datamill/plan/plan.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::exec {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// What the journal kept of one run, as texts: nothing where a file is missing or cannot be read.
struct RunTexts {
  std::string id{};                     ///< the folder's name: "20261121-073355-4711-1"
  std::optional<std::string> head{};    ///< run.json
  std::optional<std::string> plan{};    ///< plan.json
  std::optional<std::string> events{};  ///< events.jsonl
};

enum class RunOutcome : std::uint8_t { running, done, unchanged, failed, interrupted, cut_off };
[[nodiscard]] std::string_view to_name(RunOutcome outcome);

/// How far a step or all steps of a component came; `cut_off`: it ran when its run was cut off.
enum class StepState : std::uint8_t {
  not_started,
  running,
  done,
  unchanged,  ///< a step that was already done
  failed,
  skipped,
  cancelled,
  cut_off
};
[[nodiscard]] std::string_view to_name(StepState state);

/// A failed attempt that was followed by another one.
struct RetryRecord {
  std::optional<WallTime> at{};
  int attempt = 1;
  std::string reason{};
  Elapsed delay{};
};

struct StepRecord {
  plan::StepId id = 0;
  std::string component{};  ///< "" for the cluster's own steps
  std::string title{};
  std::string command{};  ///< as a shell would take it, without stdin; "" for a step that starts no process
  std::vector<plan::StepId> needs{};
  StepState state = StepState::not_started;
  std::optional<WallTime> started{};  ///< of the first attempt
  std::optional<WallTime> ended{};
  Elapsed elapsed{};
  int attempts = 0;
  std::vector<RetryRecord> retries{};
  std::vector<domain::Finding> findings{};  ///< the newest of each object and code
  std::optional<FailureReport> failure{};
  std::optional<plan::StepId> skipped_by{};  ///< the step that failed before it
  std::string log{};                         ///< name of its file in the run's folder; readers say if there is one
};

/// A chart that the run installed from.
struct ChartRecord {
  std::string release{};
  std::string chart{};  ///< "seaweedfs-4.44.0"
};

/// The process that carried out a run, by more than its number.
struct RunProcess {
  long long pid = 0;
  std::string start{};  ///< clock ticks after boot (proc(5), /proc/PID/stat, field 22)
  std::string boot{};
};

struct RunRecord {
  std::string id{};
  std::string title{};
  std::string command{};       ///< "install"; "" in runs of older versions, like all up to `process`
  std::string command_line{};  ///< "datamill install -f x.yaml"
  std::string flavour{};
  std::string cluster{};
  std::string provider{};
  std::string version{};                          ///< of datamill
  std::map<std::string, std::string> versions{};  ///< of tools
  std::optional<Elapsed> estimated{};
  std::vector<plan::StepId> expected_path{};
  std::optional<RunProcess> process{};
  std::string log_directory{};
  std::optional<WallTime> started{};
  std::optional<WallTime> ended{};  ///< of a run without an end: when it was last heard of
  Elapsed elapsed{};
  RunOutcome outcome = RunOutcome::running;
  std::string signal{};  ///< "SIGINT"; "" where none came
  bool timed_out = false;
  bool cluster_lost = false;        ///< given up: it did not answer any more
  bool lock_lost = false;           ///< given up: another run took the lock in the cluster
  std::string go_on{};              ///< what to type where not all was done
  std::vector<StepRecord> steps{};  ///< the index is the id
  std::vector<plan::PlannedComponent> components{};
  std::vector<plan::KeptObject> kept{};
  std::vector<ChartRecord> charts{};
  std::vector<std::string> tools{};
  std::vector<std::string> notes{};
  std::vector<std::string> problems{};  ///< what of the journal could not be read
};

/// Reads what a journal kept. Pure, and takes everything as it comes: missing and torn texts, lines without a meaning,
/// types and fields that it does not know. A run that did not tell its end has the outcome `running` until settle().
[[nodiscard]] RunRecord read_run_record(const RunTexts& texts);

enum class ProcessState : std::uint8_t { alive, gone };
/// Says what became of a run that did not tell its end: its process lives, or it was cut off. Others stay as they are.
void settle(RunRecord& record, ProcessState process);

/// When a run began, by its id; nullopt where the text is no run's id.
[[nodiscard]] std::optional<WallTime> time_of_run_id(std::string_view id);
/// "2026-11-21T07:33:55.123Z"; fractions of any length or none. nullopt for anything else.
[[nodiscard]] std::optional<WallTime> parse_wall_time(std::string_view text);
[[nodiscard]] std::string format_wall_time(WallTime time);

}  // namespace datamill::exec

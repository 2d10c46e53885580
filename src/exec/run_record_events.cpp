#include "exec/run_record_parts.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace datamill::exec {

using support::Node;

namespace {

constexpr std::array<std::pair<std::string_view, StepState>, 5> kStates{{{"done", StepState::done},
                                                                         {"already_done", StepState::unchanged},
                                                                         {"failed", StepState::failed},
                                                                         {"skipped", StepState::skipped},
                                                                         {"cancelled", StepState::cancelled}}};

bool same_place(const domain::Finding& a, const domain::Finding& b) {
  const auto* object_a = a.chain.empty() ? nullptr : &a.chain.back();
  const auto* object_b = b.chain.empty() ? nullptr : &b.chain.back();
  if ((object_a == nullptr) != (object_b == nullptr)) return false;
  return a.code == b.code && a.name == b.name && a.container == b.container &&
         (object_a == nullptr || *object_a == *object_b);
}

void keep_finding(StepRecord& step, domain::Finding finding) {
  const auto known = std::find_if(step.findings.begin(), step.findings.end(),
                                  [&](const domain::Finding& f) { return same_place(f, finding); });
  if (known == step.findings.end())
    step.findings.push_back(std::move(finding));
  else
    *known = std::move(finding);
}

/// One after the other, events make the record what it is.
class Reader {
public:
  explicit Reader(RunRecord& record) : record_(record) {}

  void take(const Node& event) {
    time_ = parse_wall_time(text_of(event, "time"));
    if (time_) last_ = time_;
    const auto type = text_of(event, "type");
    if (type == "run_started") return run_started(event);
    if (type == "run_finished") return run_finished(event);
    if (type == "interrupting") record_.signal = text_of(event, "signal");
    if (auto* step = step_in(record_, number_of(event, "step"))) take_step(type, event, *step);
  }

  [[nodiscard]] std::optional<WallTime> last() const { return last_; }
  [[nodiscard]] bool finished() const { return finished_; }

private:
  void run_started(const Node& event) {
    if (record_.title.empty()) record_.title = text_of(event, "title");
    record_.log_directory = text_of(event, "log_directory");
    if (time_) record_.started = time_;
  }

  void run_finished(const Node& event) {
    finished_ = true;
    record_.ended = time_;
    record_.elapsed = Elapsed(number_of(event, "elapsed_ms").value_or(0));
    record_.signal = text_of(event, "signal");
    record_.timed_out = flag_of(event, "timed_out");
    record_.cluster_lost = flag_of(event, "cluster_lost");
    record_.lock_lost = flag_of(event, "lock_lost");
    record_.go_on = text_of(event, "go_on");
    const auto ok = flag_of(event, "ok");
    if (!record_.signal.empty())
      record_.outcome = RunOutcome::interrupted;
    else if (!ok)
      record_.outcome = RunOutcome::failed;
    else
      record_.outcome = number_of(event, "done").value_or(0) == 0 ? RunOutcome::unchanged : RunOutcome::done;
  }

  void take_step(const std::string& type, const Node& event, StepRecord& step) {
    if (step.title.empty()) step.title = text_of(event, "title");
    if (step.component.empty()) step.component = text_of(event, "component");
    if (type == "step_started") {
      step_started(event, step);
    } else if (type == "step_finished") {
      step_finished(event, step);
    } else if (type == "step_failed") {
      step.state = StepState::failed;
      step.failure = failure_of(event);
      for (const auto& finding : step.failure->findings)
        keep_finding(step, finding);
    } else if (type == "step_retried") {
      step.retries.push_back({.at = time_,
                              .attempt = static_cast<int>(number_of(event, "attempt").value_or(1)),
                              .reason = text_of(event, "reason"),
                              .delay = Elapsed(number_of(event, "delay_ms").value_or(0))});
    } else if (type == "finding") {
      if (const auto* finding = event.find("finding")) keep_finding(step, finding_of(*finding));
    }
  }

  void step_started(const Node& event, StepRecord& step) {
    if (!step.started) step.started = time_;
    step.state = StepState::running;
    ++step.attempts;
    if (auto command = text_of(event, "command"); !command.empty()) step.command = std::move(command);
  }

  void step_finished(const Node& event, StepRecord& step) {
    const auto status = text_of(event, "status");
    const auto* known =
        std::find_if(kStates.begin(), kStates.end(), [&](const auto& row) { return row.first == status; });
    if (known != kStates.end()) step.state = known->second;
    step.elapsed = Elapsed(std::max(0LL, number_of(event, "elapsed_ms").value_or(0)));
    // The clock on the wall may have been set meanwhile; what was measured was not.
    step.ended = step.started ? std::optional(*step.started + step.elapsed) : time_;
  }

  RunRecord& record_;
  std::optional<WallTime> time_{};
  std::optional<WallTime> last_{};
  bool finished_ = false;
};

}  // namespace

void apply_events(std::string_view text, RunRecord& record) {
  Reader reader(record);
  std::size_t unreadable = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const bool whole = end != std::string_view::npos;
    text.remove_prefix(whole ? end + 1 : text.size());
    if (support::trim(line).empty()) continue;
    if (const auto event = object_in(line))
      reader.take(*event);
    else if (whole)
      ++unreadable;  // a last line without its end is what a cut-off run leaves
  }
  if (unreadable != 0) {
    record.problems.push_back(
        fmt::format("events.jsonl: {} {} cannot be read", unreadable, unreadable == 1 ? "line" : "lines"));
  }
  if (reader.finished()) return;
  record.ended = reader.last();
  if (record.started && record.ended) record.elapsed = std::max(Elapsed{}, *record.ended - *record.started);
}

}  // namespace datamill::exec

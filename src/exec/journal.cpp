#include "datamill/exec/journal.hpp"

#include "datamill/plan/schedule.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/overloaded.hpp"
#include "exec/append_file.hpp"
#include "exec/in_process.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <map>
#include <system_error>

namespace datamill::exec {
namespace {

/// Lower-case letters, digits and single dashes; at most 60 of them.
std::string slug(std::string_view title) {
  constexpr std::size_t kLongest = 60;
  std::string out;
  for (char c : title) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) out += c;
    if (!plain && !out.empty() && out.back() != '-') out += '-';
    if (out.size() == kLongest) break;
  }
  while (!out.empty() && out.back() == '-')
    out.pop_back();
  return out.empty() ? "step" : out;
}

/// "2024-05-01T12:34:56.789Z"
std::string time_now() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms);
}

/// Of a step's log: a child that prints without end must not fill the disk.
constexpr std::size_t kLongestLog = std::size_t{32} << 20U;

bool changes_state(const Event& event) {
  return !std::holds_alternative<Heartbeat>(event) && !std::holds_alternative<StepWaiting>(event);
}

}  // namespace

std::string step_log_name(const plan::Step& step) {
  return fmt::format("{:03}-{}.log", step.id + 1, slug(step.title));
}

/// The open files of one run.
class Journal::Files {
public:
  Files(std::string directory, Report report, support::Node head)
      : directory_(std::move(directory)), report_(std::move(report)), head_(std::move(head)) {}

  /// What the run is, for those who read it later.
  void write_head(const plan::Plan& plan, const RunStarted& started) {
    if (head_.is_null()) return;
    const auto schedule = plan::make_schedule(plan, 1);
    support::Node path = support::Node::sequence();
    for (const auto step : schedule.critical_path)
      path.items.push_back(support::Node::integer(static_cast<long long>(step)));
    head_.set("run_id", support::Node::text(started.run_id));
    head_.set("title", support::Node::text(plan.title));
    head_.set("started", support::Node::text(time_now()));
    head_.set("critical_path", std::move(path));
    head_.set("estimated_ms", support::Node::integer(started.expected.count()));
    write_whole("run.json", support::write_json(head_) + '\n');
  }

  void write_plan(const plan::Plan& plan) { write_whole("plan.json", plan::print_json(plan, {})); }

  void write_whole(std::string_view name, const std::string& text) {
    try {
      write_atomically(fmt::format("{}/{}", directory_, name), text, 0600);
    } catch (const support::Failure& failure) {
      tell(failure.diagnostics().items().empty() ? failure.what() : failure.diagnostics().items().front().message);
    }
  }

  void write_event(const Event& event, const plan::Plan* plan) {
    if (!events_) events_ = std::make_unique<AppendFile>(directory_ + "/events.jsonl");
    support::Node node = event_node(event, plan);
    node.set("time", support::Node::text(time_now()));
    events_->write(support::write_json(node) + '\n');
    if (std::holds_alternative<RunFinished>(event)) {
      events_->sync();
    } else if (changes_state(event)) {
      events_->sync_soon();
    }
    check(*events_);
  }

  void write_log(const plan::Step& step, std::string_view line) {
    auto& log = logs_[step.id];
    if (!log) log = std::make_unique<AppendFile>(directory_ + '/' + step_log_name(step));
    auto& size = log_sizes_[step.id];
    if (size > kLongestLog) return;
    size += line.size() + 1;
    log->write(size > kLongestLog ? "# the rest is left out: the log is full\n" : fmt::format("{}\n", line));
    check(*log);
  }

  void close_log(plan::StepId step) { logs_.erase(step); }

private:
  void check(AppendFile& file) {
    if (const int error = file.error(); error != 0) {
      tell(fmt::format("cannot write \"{}\": {}", file.path(), std::generic_category().message(error)));
    }
  }
  void tell(const std::string& problem) {
    if (std::exchange(told_, true)) return;
    if (report_) report_(problem);
  }

  std::string directory_;
  Report report_;
  support::Node head_;
  bool told_ = false;
  std::unique_ptr<AppendFile> events_{};
  std::map<plan::StepId, std::unique_ptr<AppendFile>> logs_{};
  std::map<plan::StepId, std::size_t> log_sizes_{};
};

Journal::Journal(std::string directory, Report report, support::Node head)
    : files_(std::make_unique<Files>(std::move(directory), std::move(report), std::move(head))) {}

Journal::~Journal() = default;

void Journal::on(const Event& event) {
  const auto log = [&](plan::StepId id, std::string_view line) {
    if (plan_ != nullptr && id < plan_->steps.size()) files_->write_log(plan_->steps[id], line);
  };
  if (const auto* output = std::get_if<StepOutput>(&event)) {
    log(output->step, output->text);
    return;
  }
  if (const auto* started = std::get_if<RunStarted>(&event)) {
    plan_ = started->plan;
    if (plan_ != nullptr) {
      files_->write_head(*plan_, *started);
      files_->write_plan(*plan_);
    }
  }
  files_->write_event(event, plan_);
  if (const auto* started = std::get_if<StepStarted>(&event); started != nullptr && !started->command.empty()) {
    log(started->step, "$ " + started->command);
  }
  if (const auto* failed = std::get_if<StepFailed>(&event)) {
    log(failed->report.step, "# " + failed->report.outcome);
    files_->close_log(failed->report.step);
  }
  if (const auto* finished = std::get_if<StepFinished>(&event)) files_->close_log(finished->step);
  if (std::holds_alternative<RunFinished>(event)) plan_ = nullptr;
}

}  // namespace datamill::exec

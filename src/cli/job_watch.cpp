#include "cli/job_watch.hpp"

#include "cli/foreground.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl_pods.hpp"
#include "datamill/ui/log_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace datamill::cli {

using namespace std::chrono_literals;
using inventory::ImageTrouble;
using inventory::JobProgress;
using support::ExitCode;
using support::Failure;

namespace {

constexpr proc::ChildId kLog = 7;
constexpr std::chrono::milliseconds kPause{400};
constexpr int kMaxFailedLooks = 10;
constexpr int kMostLogFailures = 3;

std::string why(const JobProgress& state) {
  auto text = state.reason.empty() ? state.pod_reason : state.reason;
  if (text.empty()) text = state.state.empty() ? state.phase : state.state;
  return state.message.empty() ? text : fmt::format("{}: {}", text, state.message);
}

bool has_started(const JobProgress& state) {
  return state.state == "running" || state.state == "terminated" || state.exit_code;
}

bool has_ended(const JobProgress& state) {
  return state.exit_code || state.phase == "Failed" || state.phase == "Succeeded";
}

}  // namespace

JobProgress JobWatch::look() {
  const auto result = session_.capture({inventory::job_pod_read(ns_, name_, session_.access())}).front();
  if (result.ok()) {
    failed_looks_ = 0;
    auto state = inventory::parse_job_pod(result.out);
    if (state.pod.empty() && seen_)
      throw Failure(ExitCode::step_failed, "DM074", fmt::format("the pod of job {}/{} is gone", ns_, name_),
                    "somebody deleted it, or its node went");
    seen_ = seen_ || !state.pod.empty();
    return state;
  }
  if (++failed_looks_ < kMaxFailedLooks) return {};
  throw Failure(ExitCode::unreachable, "DM570",
                fmt::format("job {}/{} cannot be watched any more: {}", ns_, name_, result.reason()),
                fmt::format("it may still run; later: `{} job logs {}`", session_.app().program, name_));
}

void JobWatch::pause() {
  const auto end = runner_.now() + kPause;
  while (runner_.now() < end) {
    const auto event = runner_.wait(end);
    if (const auto* interrupt = std::get_if<proc::Interrupted>(&event))
      throw Failure(exit_code_of_signal(interrupt->signal), "DM601", "interrupted");
  }
}

void JobWatch::tell(const JobProgress& state) {
  std::string text;
  if (!state.unschedulable.empty())
    text = "waiting for a node: " + state.unschedulable;
  else if (inventory::image_trouble(state) == ImageTrouble::maybe)
    text = fmt::format("the image does not come yet: {}", why(state));
  if (text.empty() || text == told_) return;
  told_ = text;
  session_.app().say(text);
}

JobProgress JobWatch::wait_for_start() {
  while (true) {
    auto state = look();
    if (has_started(state) && !inventory::cannot_start(state)) return state;
    tell(state);
    if (inventory::image_trouble(state) == ImageTrouble::certain) {
      throw Failure(ExitCode::step_failed, "DM073",
                    fmt::format("the image of job {}/{} cannot be pulled: {}", ns_, name_,
                                support::elide_middle(why(state), 300)),
                    "check its name and the cluster's way to the registry, or give another one: --image IMAGE");
    }
    if (inventory::cannot_start(state) || has_ended(state)) {
      throw Failure(ExitCode::step_failed, "DM074",
                    fmt::format("job {}/{} does not start: {}", ns_, name_, support::elide_middle(why(state), 300)),
                    "is the command there in the image, and does the node have what it asks for?");
    }
    pause();
  }
}

void JobWatch::show(const std::string& pod, const std::string& line) const {
  const auto& app = session_.app();
  if (!app.json()) return app.print(line + "\n");
  ui::LogLine shown{.ns = ns_, .pod = pod, .container = std::string(inventory::kJobContainer), .text = line};
  if (const auto blank = line.find(' '); blank != std::string::npos) {
    shown.time = line.substr(0, blank);
    shown.text = line.substr(blank + 1);
  }
  app.print(ui::log_json(shown));
}

JobWatch::LogEnd JobWatch::stream_log(const std::string& pod, bool follow, std::optional<std::chrono::seconds> since) {
  const tools::KubectlLogs logs{.ns = ns_,
                                .pod = pod,
                                .container = std::string(inventory::kJobContainer),
                                .follow = follow,
                                .timestamps = session_.app().json(),
                                .since = since};
  runner_.start(kLog, session_.resolve(to_command(logs, session_.access())));
  LogEnd end;
  while (true) {
    const auto event = runner_.wait(std::nullopt);
    if (const auto* line = std::get_if<proc::OutputLine>(&event)) {
      if (line->stream == proc::Stream::out)
        show(pod, line->text);
      else if (!support::trim(line->text).empty())
        end.error = line->text;
    }
    if (const auto* ended = std::get_if<proc::ChildEnded>(&event)) {
      end.outcome = ended->outcome;
      return end;
    }
    if (const auto* interrupt = std::get_if<proc::Interrupted>(&event)) {
      end_children(runner_, {kLog});
      throw Failure(exit_code_of_signal(interrupt->signal), "DM601", "interrupted");
    }
  }
}

void JobWatch::print_log(const std::string& pod) {
  const auto end = stream_log(pod, false, std::nullopt);
  if (proc::succeeded(end.outcome)) return;
  throw Failure(ExitCode::step_failed, "DM025",
                fmt::format("the log of job {}/{} cannot be read: {}", ns_, name_,
                            end.error.empty() ? proc::to_text(end.outcome) : end.error),
                "its pod may just have been removed");
}

JobProgress JobWatch::follow() {
  auto state = wait_for_start();
  std::optional<std::chrono::seconds> since;
  bool complete = false;
  for (int failures = 0;;) {
    if (!complete) {
      const auto end = stream_log(state.pod, true, since);
      complete = proc::succeeded(end.outcome);
      if (!complete && failures++ == 0)
        session_.app().say(fmt::format("the log broke off ({}): trying again", end.error));
    }
    const auto ended = runner_.now();
    state = look();
    // An end whose log nobody can read any more is an end.
    if (has_ended(state) && (complete || failures >= kMostLogFailures)) return state;
    // The kubelet tells of the end a moment after the log's.
    pause();
    // A log that ends while its container goes on has lost its connection: a line may come twice, none is lost.
    if (complete) {
      state = look();
      complete = state.state != "running";
    }
    since = std::chrono::ceil<std::chrono::seconds>(runner_.now() - ended) + 2s;
  }
}

}  // namespace datamill::cli

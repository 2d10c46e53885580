#include "cli/log_streams.hpp"

#include "cli/foreground.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace datamill::cli {

using namespace std::chrono_literals;
using inventory::ComponentObjects;
using inventory::ContainerState;
using inventory::Pod;
using support::ExitCode;
using support::Failure;

namespace {

constexpr proc::ChildId kLook = 0;
constexpr auto kLookEvery = 4s;
/// After a stream ended its pod is most likely being replaced.
constexpr auto kLookSoon = 500ms;
constexpr int kMaxFailedLooks = 5;

std::string place_of(const Pod& pod, const ContainerState& container) {
  return fmt::format("{}/{}/{}", pod.ns, pod.name, container.name);
}

std::string spoken(const Pod& pod, const ContainerState& container) {
  return fmt::format("{}/{}", pod.name, container.name);
}

}  // namespace

LogStreams::LogStreams(Session& session, const inventory::Belongings& belongings)
    : session_(session), belongings_(belongings), runner_(session.runner()), text_(session.app().out) {}

bool LogStreams::wanted(const Pod& pod, const ContainerState& container) const {
  const auto& options = session_.app().options;
  return (options.pod.empty() || options.pod == pod.name) &&
         (options.container.empty() || options.container == container.name);
}

tools::KubectlLogs LogStreams::request_for(const Stream& stream) const {
  const auto& options = session_.app().options;
  return {.ns = stream.pod.ns,
          .pod = stream.pod.name,
          .container = stream.container.name,
          .follow = following_,
          .previous = options.previous,
          .timestamps = session_.app().json(),
          .since = options.since,
          .tail = options.tail};
}

void LogStreams::start(Stream stream, const tools::KubectlLogs& request) {
  seen_[stream.place] = {.running = true, .restarts = stream.container.restarts};
  const auto id = next_id_++;
  streams_.emplace(id, std::move(stream));
  runner_.start(id, session_.resolve(to_command(request, session_.access())));
}

void LogStreams::show(const proc::OutputLine& line) {
  const auto found = streams_.find(line.child);
  if (found == streams_.end()) return;
  auto& stream = found->second;
  if (line.stream == proc::Stream::err) {
    if (!support::trim(line.text).empty()) stream.error = line.text;
    return;
  }
  ui::LogLine shown{.ns = stream.pod.ns, .pod = stream.pod.name, .container = stream.container.name, .text = line.text};
  if (!session_.app().json()) return session_.app().print(text_.render(shown));
  if (const auto blank = line.text.find(' '); blank != std::string::npos) {
    shown.time = line.text.substr(0, blank);
    shown.text = line.text.substr(blank + 1);
  }
  session_.app().print(ui::log_json(shown));
}

void LogStreams::end_stream(const proc::ChildEnded& ended) {
  const auto found = streams_.find(ended.child);
  if (found == streams_.end()) return;
  const auto stream = std::move(found->second);
  streams_.erase(found);
  auto& seen = seen_[stream.place];
  seen.running = false;
  seen.ended = runner_.now();
  if (proc::succeeded(ended.outcome)) return;
  const auto why = stream.error.empty() ? proc::to_text(ended.outcome) : stream.error;
  const auto message = fmt::format("the log of {} cannot be read: {}", spoken(stream.pod, stream.container), why);
  if (following_) return session_.app().say("warning: " + message);
  problems_.error("DM025", {}, message,
                  fmt::format("`{} events {}` may say why", session_.app().program, belongings_.component));
}

ExitCode LogStreams::print(const ComponentObjects& objects) {
  for (const auto& pod : objects.pods) {
    for (const auto& container : pod.containers) {
      const bool has_log = session_.app().options.previous ? container.restarts > 0 : container.ever_ran();
      if (!wanted(pod, container) || !has_log) continue;
      Stream stream{.place = place_of(pod, container), .pod = pod, .container = container};
      const auto request = request_for(stream);
      start(std::move(stream), request);
      while (!streams_.empty()) {
        const auto event = runner_.wait(std::nullopt);
        if (const auto* line = std::get_if<proc::OutputLine>(&event)) show(*line);
        if (const auto* ended = std::get_if<proc::ChildEnded>(&event)) end_stream(*ended);
        const auto* interrupted = std::get_if<proc::Interrupted>(&event);
        const bool unread = ui::reader_is_gone(session_.app().out.fd);
        if (interrupted == nullptr && !unread) continue;
        end_all();
        return interrupted == nullptr ? ExitCode::ok : exit_code_of_signal(interrupted->signal);
      }
    }
  }
  if (problems_.has_errors()) throw Failure(ExitCode::step_failed, std::move(problems_));
  return ExitCode::ok;
}

void LogStreams::end_all() {
  std::vector<proc::ChildId> children;
  for (const auto& [id, stream] : streams_)
    children.push_back(id);
  if (looking_) children.push_back(kLook);
  end_children(runner_, children);
}

ExitCode LogStreams::follow(const ComponentObjects& objects) {
  following_ = true;
  start_new(objects, true);
  look_at_ = runner_.now() + kLookEvery;
  while (!all_done()) {
    const auto event = runner_.wait(looking_ ? std::nullopt : look_at_);
    if (const auto* interrupted = std::get_if<proc::Interrupted>(&event)) {
      end_all();
      return exit_code_of_signal(interrupted->signal);
    }
    if (const auto* line = std::get_if<proc::OutputLine>(&event)) {
      if (line->child == kLook)
        (line->stream == proc::Stream::out ? answer_ : look_error_) += line->text + "\n";
      else
        show(*line);
    } else if (const auto* ended = std::get_if<proc::ChildEnded>(&event)) {
      if (ended->child == kLook) {
        take_objects(ended->outcome);
      } else {
        end_stream(*ended);
        look_at_ = std::min(*look_at_, runner_.now() + kLookSoon);
      }
    } else {
      look_again();
    }
    if (!ui::reader_is_gone(session_.app().out.fd)) continue;
    end_all();
    return ExitCode::ok;
  }
  return ExitCode::ok;
}

void LogStreams::look_again() {
  looking_ = true;
  answer_.clear();
  look_error_.clear();
  runner_.start(kLook, session_.resolve(inventory::objects_read(belongings_, session_.access())));
}

void LogStreams::take_objects(const proc::Outcome& outcome) {
  looking_ = false;
  look_at_ = runner_.now() + kLookEvery;
  if (proc::succeeded(outcome)) {
    failed_looks_ = 0;
    return start_new(inventory::parse_objects(answer_, belongings_), false);
  }
  const auto lines = support::split_lines(support::trim(look_error_));
  const auto why = lines.empty() ? proc::to_text(outcome) : lines.back();
  if (++failed_looks_ == 1) session_.app().say(fmt::format("warning: cannot look for new pods: {}", why));
  if (failed_looks_ < kMaxFailedLooks || !streams_.empty()) return;
  throw Failure(ExitCode::unreachable, "DM570", fmt::format("the cluster does not answer any more: {}", why),
                "check that it runs: datamill status");
}

void LogStreams::start_new(const ComponentObjects& objects, bool first) {
  pods_ = objects.pods;
  for (const auto& pod : objects.pods) {
    for (const auto& container : pod.containers) {
      if (wanted(pod, container)) start_one(pod, container, first);
    }
  }
  if (first && streams_.empty()) session_.app().say("waiting for containers that run");
}

void LogStreams::start_one(const Pod& pod, const ContainerState& container, bool first) {
  Stream stream{.place = place_of(pod, container), .pod = pod, .container = container};
  const auto known = seen_.find(stream.place);
  if (!container.ever_ran()) {
    const auto why = container.reason.empty() ? "it waits" : container.reason;
    if (told_.insert(stream.place).second)
      session_.app().say(fmt::format("{} has no log yet: {}", spoken(pod, container), why));
    return;
  }
  auto request = request_for(stream);
  if (known == seen_.end()) {
    if (!first) {
      // All of it is new.
      request.since.reset();
      request.tail.reset();
      session_.app().say(fmt::format("{} has started", spoken(pod, container)));
    }
  } else {
    const auto& seen = known->second;
    if (seen.running || container.phase != ContainerState::Phase::running) return;
    request.since.reset();
    request.tail.reset();
    if (container.restarts > seen.restarts) {
      session_.app().say(fmt::format("{} was restarted", spoken(pod, container)));
    } else {
      // kubectl lost its connection: go on where it broke off; a line may come twice, none is lost.
      request.since = std::chrono::ceil<std::chrono::seconds>(runner_.now() - seen.ended) + 1s;
    }
  }
  start(std::move(stream), request);
}

/// Jobs end; what serves does not.
bool LogStreams::all_done() const {
  return streams_.empty() && !looking_ && !pods_.empty() && std::all_of(pods_.begin(), pods_.end(), [](const Pod& pod) {
           return pod.phase == "Succeeded" || pod.phase == "Failed";
         });
}

}  // namespace datamill::cli

#include "cli/debug_run.hpp"

#include "cli/debug_owner.hpp"
#include "cli/suffix.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"
#include "datamill/tools/kubectl_debug.hpp"

#include <fmt/format.h>

#include <csignal>
#include <map>

namespace datamill::cli {

using namespace std::chrono_literals;
using inventory::DebugProgress;
using support::ExitCode;
using support::Failure;

namespace {

constexpr std::chrono::seconds kRemovalLimit{20};
constexpr std::chrono::milliseconds kPause{500};

[[noreturn]] void report_refusal(const std::string& what, const std::string& reason) {
  const bool rights = support::contains(reason, "orbidden");
  throw Failure(rights ? ExitCode::preflight : ExitCode::step_failed, "DM042",
                fmt::format("the cluster does not make {}: {}", what, reason),
                rights ? "ask for the right to create pods and pods/exec there (pods/ephemeralcontainers for --pod), "
                         "or give another namespace with -n"
                       : "check the names that were given");
}

/// Also with -q: something of ours may stay.
void warn(const App& app, const std::string& text) {
  ui::write_text(app.err, fmt::format("warning[DM046]: {}\n", text));
}

std::string why(const DebugProgress& state) {
  auto text = state.reason.empty() ? state.pod_reason : state.reason;
  if (text.empty()) text = state.state.empty() ? state.phase : state.state;
  return state.message.empty() ? text : fmt::format("{}: {}", text, state.message);
}

}  // namespace

DebugRun::DebugRun(Session& session, DebugRequest request)
    : session_(session), request_(std::move(request)),
      pod_(request_.pod.empty() ? fmt::format("datamill-debug-{}-{}", request_.kind, random_suffix()) : request_.pod),
      container_(request_.pod.empty() ? std::string(inventory::kDebugContainer)
                                      : fmt::format("datamill-debug-{}", random_suffix())) {}

DebugRun::~DebugRun() {
  try {
    (void)finish();
  } catch (const std::exception& problem) {
    warn(session_.app(), fmt::format("{} may be left over: {}", where(), problem.what()));
  }
}

std::string DebugRun::where() const {
  return request_.pod.empty() ? fmt::format("debugging pod {}/{}", request_.ns, pod_)
                              : fmt::format("debugging container {} of pod {}/{}", container_, request_.ns, pod_);
}

void DebugRun::create() {
  command::Command command;
  if (request_.pod.empty()) {
    const auto& options = session_.app().options;
    const auto pod = inventory::debug_pod({.ns = request_.ns,
                                           .name = pod_,
                                           .kind = request_.kind,
                                           .owner = this_process(session_.app().files),
                                           .image = request_.profile.image,
                                           .words = request_.profile.wait,
                                           .service_account = options.service_account,
                                           .node = options.node,
                                           .limit = request_.profile.limit});
    command =
        to_command(tools::KubectlCreate{.objects = command::SymbolicText{support::write_json(pod)}}, session_.access());
  } else {
    command = to_command(tools::KubectlDebug{.ns = request_.ns,
                                             .pod = pod_,
                                             .container = container_,
                                             .image = request_.profile.image,
                                             .environment = {{"POD_NAMESPACE", request_.ns}},
                                             .words = request_.profile.wait},
                         session_.access());
  }
  // From here on it may exist, also where the answer gets lost.
  made_ = true;
  const auto result = session_.capture({command}).front();
  if (result.ok()) return;
  // What the API server refused is not there; after any other problem it may be.
  made_ = !support::contains(result.err, "Error from server");
  report_refusal(request_.pod.empty() ? "the debugging pod" : "the debugging container", result.reason());
}

void DebugRun::start() {
  session_.app().say(fmt::format("{} ({}), {} at the end", where(), request_.profile.image,
                                 request_.pod.empty() ? "removed" : "stopped"));
  try {
    create();
    wait_until_running();
  } catch (const Failure& failure) {
    const auto code = failure.exit_code();
    if (code != ExitCode::interrupted && code != ExitCode::terminated) throw;
    const auto removed = finish();
    throw Failure(code, "DM601", fmt::format("interrupted; the {} {}", where(), removed ? "is removed" : "stays"));
  }
}

/// True when it runs.
bool DebugRun::look(DebugProgress& state) {
  const auto result =
      session_.capture({inventory::container_read(request_.ns, pod_, container_, session_.access())}).front();
  if (!result.ok()) {
    // One answer that gets lost is no reason to give up; a pod that somebody deleted is.
    if (!support::contains(result.err, "NotFound") && !support::contains(result.err, "orbidden")) return false;
    throw Failure(ExitCode::step_failed, "DM044", fmt::format("the {} cannot be watched: {}", where(), result.reason()),
                  "somebody may have deleted it, or the right to get pods is missing");
  }
  state = inventory::parse_container(result.out);
  if (inventory::is_image_problem(state)) {
    throw Failure(ExitCode::step_failed, "DM043",
                  fmt::format("the image \"{}\" cannot be pulled: {}", request_.profile.image, why(state)),
                  "check the name and the cluster's way to the registry, or give an image that it can get: --image "
                  "IMAGE");
  }
  if (inventory::cannot_start(state)) {
    throw Failure(ExitCode::step_failed, "DM044", fmt::format("the {} does not start: {}", where(), why(state)),
                  "the image needs sh and sleep; another one: --image IMAGE");
  }
  return state.state == "running";
}

void DebugRun::pause() {
  auto& runner = session_.runner();
  const auto end = runner.now() + kPause;
  while (runner.now() < end) {
    const auto event = runner.wait(end);
    const auto* interrupt = std::get_if<proc::Interrupted>(&event);
    if (interrupt == nullptr) continue;
    throw Failure(interrupt->signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated, "DM601", "interrupted");
  }
}

void DebugRun::wait_until_running() {
  const auto end = session_.runner().now() + request_.patience;
  DebugProgress state;
  std::string told;
  while (!look(state)) {
    if (!state.unschedulable.empty() && state.unschedulable != told) {
      told = state.unschedulable;
      session_.app().say("waiting for a node: " + told);
    }
    if (session_.runner().now() >= end) {
      throw Failure(ExitCode::timed_out, "DM045",
                    fmt::format("the {} did not start within {}: {}", where(),
                                support::format_duration(request_.patience), told.empty() ? why(state) : told),
                    "give it more time with --timeout 10m");
    }
    pause();
  }
  runs_ = true;
}

ExitCode DebugRun::run() {
  const auto command =
      to_command(tools::KubectlExecIn{.ns = request_.ns,
                                      .pod = pod_,
                                      .container = container_,
                                      .terminal = request_.terminal,
                                      .foreground = true,
                                      .words = request_.words.empty() ? request_.profile.shell : request_.words},
                 session_.access());
  return exit_code_of(run_foreground(session_.runner(), session_.resolve(command)));
}

bool DebugRun::finish() {
  if (!made_) return true;
  made_ = false;
  if (!request_.pod.empty() && !runs_) {
    warn(session_.app(),
         fmt::format("the {} stays in the pod until it is made anew: Kubernetes cannot remove it; if it "
                     "starts later, it ends by itself within {}",
                     where(), support::format_duration(request_.profile.limit)));
    return false;
  }
  const auto command = request_.pod.empty()
                           ? to_command(tools::KubectlDeletePods{.ns = request_.ns, .names = {pod_}}, session_.access())
                           : to_command(tools::KubectlExecIn{.ns = request_.ns,
                                                             .pod = pod_,
                                                             .container = container_,
                                                             .words = request_.profile.end},
                                        session_.access());
  const auto result = run_uninterrupted(session_.runner(), session_.resolve(command), kRemovalLimit, signal_);
  if (result.ok()) return true;
  warn(session_.app(), fmt::format("the {} could not be {}: {}\n  hint: it ends by itself within {}; sooner: {}",
                                   where(), request_.pod.empty() ? "removed" : "stopped", result.reason(),
                                   support::format_duration(request_.profile.limit), command::to_shell(command, {})));
  return false;
}

std::string leftover_reason(const inventory::DebugPod& pod, const support::FileSource& files) {
  if (pod.phase == "Failed" || pod.phase == "Succeeded") return "it came to its end";
  if (pod.phase == "Terminating") return {};
  return has_ended(pod.owner, files) ? "its datamill is gone" : "";
}

void remove_leftovers(Session& session, const std::vector<inventory::DebugPod>& pods) {
  std::map<std::string, std::vector<std::string>> by_namespace;
  for (const auto& pod : pods) {
    const auto reason = leftover_reason(pod, session.app().files);
    if (reason.empty()) continue;
    by_namespace[pod.ns].push_back(pod.name);
    session.app().say(fmt::format("removing a left-over debugging pod: {}/{}, {} old, {}", pod.ns, pod.name,
                                  support::format_duration(age_of(pod.created)), reason));
  }
  std::vector<command::Command> commands;
  for (const auto& [ns, names] : by_namespace)
    commands.push_back(to_command(tools::KubectlDeletePods{.ns = ns, .names = names}, session.access()));
  for (const auto& result : session.capture(commands)) {
    if (!result.ok()) warn(session.app(), result.reason());
  }
}

}  // namespace datamill::cli

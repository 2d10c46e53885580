#include "cli/job_submit.hpp"

#include "cli/foreground.hpp"
#include "cli/job_request.hpp"
#include "cli/job_watch.hpp"
#include "cli/own_image.hpp"
#include "cli/pods.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"
#include "datamill/tools/kubectl_jobs.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using inventory::JobProgress;
using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

constexpr auto kRemovalLimit = 20s;
/// Kubernetes' own patience with a pod is 30 s.
constexpr auto kLongestEnd = 45s;
constexpr auto kLookEvery = 500ms;

bool is_interruption(const Failure& failure) {
  return failure.exit_code() == ExitCode::interrupted || failure.exit_code() == ExitCode::terminated;
}

class Submission {
public:
  Submission(Session& session, JobRequest request) : session_(session), request_(std::move(request)) {}

  ExitCode run() {
    const auto& app = session_.app();
    create();
    app.say(fmt::format("job {} ({})", where(), request_.spec.image));
    if (app.options.detach) return leave();
    JobProgress end;
    try {
      end = JobWatch(session_, request_.spec.ns, request_.spec.name).follow();
    } catch (const Failure& failure) {
      give_up(failure);
    }
    return finish(end);
  }

private:
  [[nodiscard]] std::string where() const { return fmt::format("{}/{}", request_.spec.ns, request_.spec.name); }

  /// The Job first: its file belongs to it and goes with it. Its pod waits until the file is there.
  void create() {
    auto command = to_command(
        tools::KubectlCreate{.objects = command::SymbolicText{support::write_json(inventory::job(request_.spec))}},
        session_.access());
    command.flag("--output", "jsonpath={.metadata.uid}");
    const auto made = session_.capture({command}).front();
    if (!made.ok()) refused(made.reason());
    if (request_.spec.file.empty()) return;
    try {
      const auto uid = std::string(support::trim(made.out));
      const auto file = inventory::job_file(request_.spec, request_.content, uid);
      const auto stored =
          session_
              .capture({to_command(tools::KubectlCreate{.objects = command::SymbolicText{support::write_json(file)}},
                                   session_.access())})
              .front();
      if (stored.ok()) return;
      (void)remove();
      refused(stored.reason());
    } catch (const Failure& failure) {
      if (is_interruption(failure)) give_up(failure);
      throw;
    }
  }

  [[noreturn]] void refused(const std::string& reason) const {
    const bool rights = support::contains(reason, "orbidden");
    throw Failure(rights ? ExitCode::preflight : ExitCode::step_failed, "DM072",
                  fmt::format("the cluster does not make job {}: {}", where(), reason),
                  support::contains(reason, "AlreadyExists") ? "give another --name"
                  : rights ? "ask for the right to create jobs and configmaps there, or give another namespace with -n"
                           : "check the flags that were given");
  }

  [[nodiscard]] bool remove() {
    const auto command =
        to_command(tools::KubectlDeleteJob{.ns = request_.spec.ns, .name = request_.spec.name}, session_.access());
    const auto result = run_uninterrupted(session_.runner(), session_.resolve(command), kRemovalLimit, signal_);
    if (result.ok()) return true;
    ui::write_text(session_.app().err, fmt::format("warning[DM076]: job {} could not be removed: {}\n  hint: {}\n",
                                                   where(), result.reason(), command::to_shell(command)));
    return false;
  }

  /// True once no pod of it is left; the second signal, which may have come while remove() ran, kills what is.
  [[nodiscard]] bool wait_for_end() {
    auto& runner = session_.runner();
    const auto end = runner.now() + kLongestEnd;
    while (runner.now() < end) {
      const auto read = inventory::job_pod_read(request_.spec.ns, request_.spec.name, session_.access());
      const auto result = run_uninterrupted(runner, session_.resolve(read), kRemovalLimit, signal_);
      if (result.ok() && inventory::parse_job_pod(result.out).pod.empty()) return true;
      if (signal_ != 0) return kill_pods();
      const auto next = runner.now() + kLookEvery;
      while (runner.now() < next) {
        const auto event = runner.wait(next);
        if (const auto* interrupt = std::get_if<proc::Interrupted>(&event)) signal_ = interrupt->signal;
      }
    }
    return false;
  }

  [[nodiscard]] bool kill_pods() {
    session_.app().say("killing it");
    const auto command =
        to_command(tools::KubectlKillPods{.ns = request_.spec.ns,
                                          .selector = fmt::format("{}={}", inventory::kJobLabel, request_.spec.name)},
                   session_.access());
    return run_uninterrupted(session_.runner(), session_.resolve(command), kRemovalLimit, signal_).ok();
  }

  /// After a signal, or where it cannot even start: nothing of it stays, unless the cluster itself is out of reach.
  [[noreturn]] void give_up(const Failure& failure) {
    const bool lost = failure.exit_code() == ExitCode::unreachable;
    if (lost) throw Failure(failure);
    if (!is_interruption(failure)) {
      (void)remove();
      throw Failure(failure);
    }
    session_.app().say(fmt::format("ending job {}; once more kills it", where()));
    const bool removed = remove() && wait_for_end();
    throw Failure(failure.exit_code(), "DM601",
                  fmt::format("interrupted; job {} {}", where(), removed ? "is deleted" : "may still be there"));
  }

  ExitCode leave() {
    const auto& app = session_.app();
    if (app.json()) {
      print_json(std::nullopt);
    } else {
      app.print(request_.spec.name + "\n");
    }
    app.say(fmt::format("`{} job logs {} -F` follows it", app.program, request_.spec.name));
    return ExitCode::ok;
  }

  void print_json(std::optional<int> exit_code) const {
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("type", Node::text("job"));
    document.set("namespace", Node::text(request_.spec.ns));
    document.set("name", Node::text(request_.spec.name));
    document.set("image", Node::text(request_.spec.image));
    if (exit_code) document.set("exit_code", Node::integer(*exit_code));
    session_.app().print(support::write_json(document) + "\n");
  }

  ExitCode finish(const JobProgress& end) {
    const auto& app = session_.app();
    const int code = end.exit_code.value_or(1);
    if (app.json()) print_json(code);
    if (code == 0) {
      if (request_.spec.keep) app.say(fmt::format("job {} stays (--keep)", where()));
      return request_.spec.keep || remove() ? ExitCode::ok : ExitCode::step_failed;
    }
    auto reason = end.reason.empty() || end.reason == "Error" ? std::string{} : fmt::format(" ({})", end.reason);
    if (!end.exit_code && !end.pod_reason.empty()) reason = fmt::format(" ({})", end.pod_reason);
    app.say(fmt::format("job {} failed with exit code {}{}; it stays{}: `{} job logs {}`", where(), code, reason,
                        request_.spec.keep ? "" : " for an hour", app.program, request_.spec.name));
    if (end.reason == "OOMKilled") app.say("it needed more memory than it may have: give --memory");
    return static_cast<ExitCode>(code);
  }

  Session& session_;
  JobRequest request_;
  int signal_ = 0;
};

}  // namespace

ExitCode submit_job(Session& session, const std::vector<std::string>& words) {
  refuse_simulated(session);
  auto request = read_job_request(session, words);
  reach_cluster(session);
  refuse_simulated(session);
  request.spec.ns = job_namespace(session);
  request.spec.variables = job_variables(session, request.spec.ns);
  if (!request.own.empty()) {
    // No registry is asked for it, and it has what a flavour's notebooks have.
    const auto image = bring_own_image(session, request.own);
    if (!image.empty()) request.spec.image = image;
  }
  return Submission(session, std::move(request)).run();
}

}  // namespace datamill::cli

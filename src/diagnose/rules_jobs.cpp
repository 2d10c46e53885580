// Jobs, and helm's hooks, which are Jobs with an annotation.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

enum class Sort : std::uint8_t { hook, job, slow, periodic };

bool is_failed_as(const Node& job, Sort sort) {
  const auto* failed = condition(job, "Failed");
  if (failed == nullptr || failed->text_at("status") != "True") return false;
  const bool hook = !annotation(job, "helm.sh/hook").empty();
  if (hook || sort == Sort::hook) return hook && sort == Sort::hook;
  const bool periodic = is_owned_by(job, "CronJob");
  if (periodic || sort == Sort::periodic) return periodic && sort == Sort::periodic;
  return (failed->text_at("reason") == "DeadlineExceeded") == (sort == Sort::slow);
}

Objects pods_of(const Case& rules, const Node& job) {
  Objects pods;
  for (const auto* pod : rules.pods()) {
    if (rules.controller(*pod) == &job) pods.push_back(pod);
  }
  return pods;
}

/// How the last of its pods ended: chain, container, exit code, log.
Finding about_job(const Case& rules, const Node& job) {
  for (const auto* pod : pods_of(rules, job)) {
    for (const auto& container : containers_of(*pod)) {
      const auto* end = container.ended_now();
      if (end != nullptr && number_at(*end, {"exitCode"}).value_or(0) != 0) return about(rules, container);
    }
  }
  return about(rules, job);
}

std::string command_for(const Finding& finding, const Node& job) {
  if (finding.container.empty()) return fmt::format("kubectl describe {}", kubectl_words(ref_of(job)));
  return logs_command(finding, Run::current);
}

Findings failed_jobs(const Case& rules, Sort sort) {
  Findings found;
  for (const auto* job : rules.of("Job")) {
    if (!is_failed_as(*job, sort)) continue;
    auto finding = about_job(rules, *job);
    const auto* failed = condition(*job, "Failed");
    finding.reason = std::string(failed->text_at("reason"));
    finding.message = one_line(failed->text_at("message"));
    const auto name = name_of(*job);
    const auto delete_it = fmt::format("kubectl delete job {} -n {}", name, namespace_of(*job));
    const auto limit = text_at(*job, {"spec", "activeDeadlineSeconds"});
    if (finding.reason == "DeadlineExceeded") {
      finding.cause = limit.empty() ? "the Job did not end in the time it has"
                                    : fmt::format("the Job did not end within its {} s (activeDeadlineSeconds)", limit);
    } else {
      finding.cause = fmt::format("the Job has failed {} times, and is not tried again",
                                  std::max(1, number_at(*job, {"status", "failed"}).value_or(1)));
    }
    if (sort == Sort::periodic) finding.cause += "; its CronJob makes the next one when its time comes";
    if (sort == Sort::hook)
      finding.cause = fmt::format("helm's {} hook failed, so helm gave up the release: {}",
                                  annotation(*job, "helm.sh/hook"), finding.cause);
    finding.next =
        fmt::format("{}; when the reason is gone: {}, then install again", command_for(finding, *job), delete_it);
    found.push_back(std::move(finding));
  }
  return found;
}

/// A container of a Job's pod that goes on when those that do the work have ended well.
std::string last_runner(const Node& pod) {
  std::string runner;
  bool done = false;
  for (const auto& container : containers_of(pod)) {
    if (container.role != Container::Role::main) continue;
    const auto* end = container.ended_now();
    if (end != nullptr && number_at(*end, {"exitCode"}).value_or(1) == 0) done = true;
    if (container.is_running()) runner = container.name;
  }
  return done ? runner : std::string{};
}

}  // namespace

Findings hooks_failed(const Case& rules) {
  return failed_jobs(rules, Sort::hook);
}

Findings jobs_failed(const Case& rules) {
  return failed_jobs(rules, Sort::job);
}

Findings periodic_jobs_failed(const Case& rules) {
  return failed_jobs(rules, Sort::periodic);
}

Findings jobs_too_slow(const Case& rules) {
  return failed_jobs(rules, Sort::slow);
}

Findings sidecars_keep_jobs(const Case& rules) {
  Findings found;
  for (const auto* job : rules.of("Job")) {
    for (const auto* pod : pods_of(rules, *job)) {
      const auto runner = last_runner(*pod);
      if (runner.empty() || text_at(*pod, {"status", "phase"}) != "Running") continue;
      auto finding = about(rules, *pod);
      finding.container = runner;
      finding.reason = "Running";
      finding.message = "the work is done, and another container of the pod still runs";
      finding.cause =
          fmt::format("the Job cannot end while the container {} runs beside those that have done the work", runner);
      finding.next =
          fmt::format("make it a sidecar in {}: an init container with restartPolicy: Always", owner_of(finding));
      found.push_back(std::move(finding));
    }
  }
  return found;
}

}  // namespace datamill::diagnose

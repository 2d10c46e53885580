// Containers that ran and ended.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace datamill::diagnose {

using domain::Finding;

namespace {

struct Clue {
  std::string_view part{};  ///< of a log line, lower case
  std::string_view cause{};
};
/// Texts of libc, Go, Java, Python and PostgreSQL. What is more exact stands higher.
constexpr std::array kClues{
    Clue{"exec format error", "the image is for another kind of processor"},
    Clue{"address already in use", "the program's port is taken by another one of the pod"},
    Clue{"no space left on device", "a volume of the pod is full"},
    Clue{"read-only file system", "the program writes where it may only read"},
    Clue{"password authentication failed", "a password does not fit; a kept volume may have an older one"},
    Clue{"access denied for user", "a password does not fit; a kept volume may have an older one"},
    Clue{"no such host", "the program does not find another service by its name"},
    Clue{"name or service not known", "the program does not find another service by its name"},
    Clue{"connection refused", "the program needs another service that does not answer"},
    Clue{"permission denied", "the program's user may not read or write something"},
    Clue{"java.lang.outofmemoryerror", "the program's heap is too small for it"},
    Clue{"modulenotfounderror", "a Python package is missing in the image"},
    Clue{"unknown flag", "the program does not know one of its arguments"},
    Clue{"unrecognized arguments", "the program does not know one of its arguments"},
};

std::string clue_in(const std::vector<std::string>& lines) {
  for (const Clue& clue : kClues) {
    const auto has = [&clue](const std::string& line) { return support::contains(lower(line), clue.part); };
    if (std::any_of(lines.begin(), lines.end(), has)) return std::string(clue.cause);
  }
  return {};
}

/// Exit codes of shells (bash manual, "Exit Status"): 126 and 127, and 128 and the signal's number.
std::string meaning_of(int code) {
  switch (code) {
  case 0: return "the program ends without an error, but it is to go on running";
  case 126: return "the command of the container may not be executed";
  case 127: return "the command of the container does not exist in its image";
  case 134: return "the program aborted itself (SIGABRT)";
  case 137: return "the program was killed (SIGKILL), not by its own memory limit";
  case 139: return "the program crashed (SIGSEGV)";
  case 143: return "the program was told to end (SIGTERM)";
  default: return fmt::format("the program ends with an error (exit code {})", code);
  }
}

std::string next_for(const Finding& finding, Run run) {
  if (!finding.last_log.empty()) return fmt::format("see all of its log: {}", logs_command(finding, run));
  return logs_command(finding, run);
}

void explain_end(Finding& finding, Run run) {
  finding.cause = clue_in(finding.last_log);
  if (finding.cause.empty()) finding.cause = meaning_of(finding.exit_code.value_or(1));
  finding.next = next_for(finding, run);
}

bool ended_by_memory(const Container& container) {
  const auto* end = container.last_end();
  return end != nullptr && end->text_at("reason") == "OOMKilled" && !container.is_ready();
}

/// Other rules know more of these.
bool has_own_rule(const Case& rules, const Container& container) {
  const auto* end = container.last_end();
  const auto reason = end == nullptr ? std::string_view{} : end->text_at("reason");
  return ended_by_memory(container) || reason == "StartError" || reason == "ContainerCannotRun" ||
         (reason != "Completed" && killed_by_probe(rules, container, "Liveness") != nullptr) ||
         (reason != "Completed" && killed_by_probe(rules, container, "Startup") != nullptr);
}

bool loops(const Container& container) {
  return container.waits_with({"CrashLoopBackOff"});
}

bool failed_now(const Container& container) {
  const auto* end = container.ended_now();
  return end != nullptr && number_at(*end, {"exitCode"}).value_or(0) != 0;
}

bool is_job_over(const Case& rules, const Container& container) {
  const auto* owner = rules.controller(*container.pod);
  return owner != nullptr && owner->text_at("kind") == "Job" &&
         (condition_is(*owner, "Failed", "True") || condition_is(*owner, "Complete", "True"));
}

std::string limit_of(const Container& container) {
  return container.spec == nullptr ? std::string{}
                                   : std::string(text_at(*container.spec, {"resources", "limits", "memory"}));
}

template <class Wanted>
Findings crashes(const Case& rules, Container::Role role, Wanted wanted) {
  Findings found;
  for (const auto& container : containers(rules)) {
    if (container.role != role || !wanted(container) || has_own_rule(rules, container)) continue;
    auto finding = about(rules, container);
    const bool again = loops(container);
    if (const auto* event = warning_of(rules, container, "BackOff"); event != nullptr && again)
      finding.event = event_text(*event);
    explain_end(finding, again ? Run::previous : Run::current);
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace

Findings out_of_memory(const Case& rules) {
  Findings found;
  for (const auto& container : containers(rules)) {
    if (!ended_by_memory(container)) continue;
    auto finding = about(rules, container);
    finding.reason = "OOMKilled";
    const auto limit = limit_of(container);
    const auto place = place_of(finding);
    finding.cause =
        limit.empty() ? "the container was killed because its node ran out of memory; it has no limit of its own"
                      : fmt::format("the container was killed because it used more than its limit of {} memory", limit);
    finding.next = limit.empty() ? fmt::format("set resources.requests.memory and limits.memory in {}", place)
                                 : fmt::format("raise resources.limits.memory above {} in {}", limit, place);
    found.push_back(std::move(finding));
  }
  return found;
}

Findings init_containers_failing(const Case& rules) {
  auto found = crashes(rules, Container::Role::init, [&](const Container& container) {
    return (loops(container) || failed_now(container)) && !is_job_over(rules, container);
  });
  for (auto& finding : found)
    finding.cause = fmt::format("an init container has to succeed before the pod starts: {}", finding.cause);
  return found;
}

Findings sidecars_failing(const Case& rules) {
  auto found = crashes(rules, Container::Role::sidecar, [](const Container& container) {
    return loops(container) || (failed_now(container) && !container.is_ready());
  });
  for (auto& finding : found)
    finding.cause = fmt::format("a sidecar does not stay up, and the pod's containers need it: {}", finding.cause);
  return found;
}

Findings crash_loops(const Case& rules) {
  return crashes(rules, Container::Role::main, loops);
}

Findings containers_failed(const Case& rules) {
  return crashes(rules, Container::Role::main,
                 [&](const Container& container) { return failed_now(container) && !is_job_over(rules, container); });
}

}  // namespace datamill::diagnose

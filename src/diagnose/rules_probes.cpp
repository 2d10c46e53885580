// Probes: the events of the kubelet name them; a container that is ready has passed, whatever events are left.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <string>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

std::string_view field_of(std::string_view probe) {
  if (probe == "Readiness") return "readinessProbe";
  return probe == "Liveness" ? "livenessProbe" : "startupProbe";
}

std::string seconds_of(const Container& container, std::string_view probe) {
  const auto text =
      container.spec == nullptr ? std::string_view{} : text_at(*container.spec, {field_of(probe), "timeoutSeconds"});
  return std::string(text.empty() ? "1" : text);
}

/// The kubelet's texts: `HTTP probe failed with statuscode: 503`, `Get "http://...": dial tcp ...: connect: connection
/// refused`, `context deadline exceeded`, `command timed out`.
std::string probe_cause(const std::string& message, const Container& container, std::string_view probe) {
  const auto text = lower(message);
  const auto code = text.find("statuscode: ");
  if (code != std::string::npos)
    return fmt::format("the program answers the {} probe with HTTP {}", lower(probe), text.substr(code + 12, 3));
  if (has_any(text, {"connection refused"})) return "nothing listens at the port that the probe asks";
  if (has_any(text, {"deadline exceeded", "timed out", "timeout"}))
    return fmt::format("the probe gets no answer within its {} s", seconds_of(container, probe));
  if (has_any(text, {"no such file", "not found"})) return "the probe's command does not exist in the image";
  if (message.empty()) return fmt::format("its {} probe has not succeeded yet", lower(probe));
  return fmt::format("the {} probe fails", lower(probe));
}

Finding probe_finding(const Case& rules, const Container& container, const Node* event, std::string_view probe) {
  auto finding = about(rules, container);
  std::string message;
  if (event != nullptr) {
    message = one_line(event->text_at("message"));
    finding.message = message;
    finding.event = event_text(*event);
  }
  finding.reason = "Unhealthy";
  finding.cause = probe_cause(message, container, probe);
  const bool restarted = container.last_end() != nullptr;
  finding.next = fmt::format("{}; if it only needs longer, raise {} in {}",
                             logs_command(finding, restarted ? Run::previous : Run::current),
                             probe == "Readiness" ? "readinessProbe.timeoutSeconds or .failureThreshold"
                                                  : fmt::format("{}.failureThreshold", field_of(probe)),
                             place_of(finding));
  return finding;
}

bool has_probe(const Container& container, std::string_view probe) {
  return container.spec != nullptr && container.spec->find(field_of(probe)) != nullptr;
}

bool is_started(const Container& container) {
  return container.status->text_at("started") != "false";
}

/// Restarted because of it: the container was killed, and is not up again.
Findings restarts_by(const Case& rules, std::string_view probe) {
  Findings found;
  for (const auto& container : containers(rules)) {
    const auto* end = container.last_end();
    const auto* event = container.is_ready() || end == nullptr ? nullptr : killed_by_probe(rules, container, probe);
    if (event == nullptr || end->text_at("reason") == "OOMKilled" || end->text_at("reason") == "Completed") continue;
    found.push_back(probe_finding(rules, container, event, probe));
  }
  return found;
}

}  // namespace

Findings liveness_failing(const Case& rules) {
  auto found = restarts_by(rules, "Liveness");
  for (auto& finding : found)
    finding.cause += ", so the kubelet restarts the container again and again";
  return found;
}

Findings startup_failing(const Case& rules) {
  auto found = restarts_by(rules, "Startup");
  for (auto& finding : found)
    finding.cause += ", so the kubelet restarts the container before it is up";
  for (const auto& container : containers(rules)) {
    if (!container.is_running() || container.is_ready() || is_started(container) || !has_probe(container, "Startup"))
      continue;
    if (container.last_end() != nullptr && killed_by_probe(rules, container, "Startup") != nullptr) continue;
    found.push_back(probe_finding(rules, container, killed_by_probe(rules, container, "Startup"), "Startup"));
  }
  return found;
}

Findings readiness_failing(const Case& rules) {
  Findings found;
  for (const auto& container : containers(rules)) {
    if (!container.is_running() || container.is_ready() || !is_started(container)) continue;
    const auto* event = warning_of(rules, container, "Unhealthy", {"Readiness probe"});
    if (event == nullptr && !has_probe(container, "Readiness")) continue;
    found.push_back(probe_finding(rules, container, event, "Readiness"));
  }
  return found;
}

}  // namespace datamill::diagnose

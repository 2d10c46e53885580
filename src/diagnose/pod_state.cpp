#include "datamill/diagnose/readiness.hpp"
#include "diagnose/objects.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::diagnose {

namespace {

using support::Node;

/// Why a container is not as it should be, or "".
std::string container_state(const Node& status) {
  if (const auto reason = text_at(status, {"state", "waiting", "reason"}); !reason.empty()) return std::string(reason);
  const Node* ended = status.find_path({"state", "terminated"});
  if (ended == nullptr) return {};
  const auto reason = ended->text_at("reason");
  const auto code = ended->text_at("exitCode");
  if (code == "0" && reason != "OOMKilled") return {};
  if (reason.empty()) return fmt::format("exit code {}", code);
  return reason == "Error" ? fmt::format("Error (exit code {})", code) : std::string(reason);
}

std::string init_state(const Node& pod) {
  const auto& statuses = items_at(pod, {"status", "initContainerStatuses"});
  std::size_t done = 0;
  for (const auto& status : statuses) {
    const auto ended_well = text_at(status, {"state", "terminated", "exitCode"}) == "0";
    // Sidecars run on: they are done with once they have started (kubernetes docs: restartPolicy Always).
    if (ended_well || is_true(status, {"ready"}) || is_true(status, {"started"})) {
      ++done;
      continue;
    }
    const auto state = container_state(status);
    if (state.empty() || state == "PodInitializing") break;
    return "Init:" + state;
  }
  return done == statuses.size() ? std::string{} : fmt::format("Init:{}/{}", done, statuses.size());
}

}  // namespace

std::string pod_state(const Node& pod) {
  if (is_being_deleted(pod)) return "Terminating";
  const auto phase = text_at(pod, {"status", "phase"});
  if (phase == "Succeeded" || condition_is(pod, "Ready", "True")) return {};
  if (const auto reason = text_at(pod, {"status", "reason"}); !reason.empty()) return std::string(reason);
  if (const Node* scheduled = condition(pod, "PodScheduled");
      scheduled != nullptr && scheduled->text_at("status") == "False")
    return fmt::format("Pending ({})", scheduled->text_at("reason"));
  if (auto state = init_state(pod); !state.empty()) return state;
  for (const auto& status : items_at(pod, {"status", "containerStatuses"})) {
    if (auto state = container_state(status); !state.empty()) return state;
  }
  if (phase == "Running") return "not ready";
  return phase.empty() ? "Pending" : std::string(phase);
}

}  // namespace datamill::diagnose

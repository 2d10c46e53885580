#pragma once

#include "datamill/plan/step.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

namespace datamill::planner {

/// For steps that create objects: an operator's webhook answers some seconds after its pod is ready, and the API server
/// learns new kinds with a delay.
inline plan::Retry patient_retry() {
  return {.attempts = 6,
          .first_delay = std::chrono::milliseconds{1000},
          .when_output_has = {"failed calling webhook", "no matches for kind", "ensure CRDs are installed first",
                              "the server is currently unable to handle the request", "connection refused"}};
}

inline void append_unique(std::vector<plan::StepId>& ids, const std::vector<plan::StepId>& more) {
  for (const auto id : more) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
}

/// Deleting what is already gone, or what has lost its definition, is done.
inline plan::Retry gone_is_fine() {
  return {.attempts = 3,
          .when_output_has = {"connection refused", "the server is currently unable"},
          .ok_output_has = {"no matches for kind"}};
}

/// What a user can type: it names the cluster, so that it cannot hit another one.

}  // namespace datamill::planner

#pragma once

#include "datamill/diagnose/readiness.hpp"
#include "datamill/support/node.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::diagnose {

/// How far an object of one of Kubernetes' own kinds is.
struct Progress {
  bool ready = false;
  int wanted = 0;      ///< pods
  int there = 0;       ///< pods that are ready
  std::string text{};  ///< what is missing, where that is not pods
};
/// nullopt for a kind that has no meaning of ready of its own.
[[nodiscard]] std::optional<Progress> progress_of(const World& world, const support::Node& object);

/// `condition=X[=V]` and `jsonpath={...}[=V]` as kubectl wait means them; nullopt for what it does not know.
[[nodiscard]] Readiness judge_condition(const support::Node& object, std::string_view condition);

/// The values at a path of kubectl's ("{.status.conditions[?(@.type==\"Ready\")].status}"); nullopt where the path is
/// not one of the simple ones.
[[nodiscard]] std::optional<std::vector<const support::Node*>> values_at(const support::Node& object,
                                                                         std::string_view path);

}  // namespace datamill::diagnose

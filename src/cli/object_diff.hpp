#pragma once

#include "datamill/support/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// One field that would change.
struct FieldChange {
  std::string path{};  ///< "spec.template.spec.containers[main].image"
  std::string live{};  ///< JSON of what is there; "" where there is nothing, or where it is hidden
  std::string wanted{};
  bool hidden = false;  ///< named like a secret: its values are not shown
};

/// An object as it is and as it would be.
struct ObjectDiff {
  std::string file{};  ///< kubectl's name of it: "apps.v1.Deployment.data-mill.lake"
  support::Node live{};
  support::Node wanted{};  ///< null: the object would go
};

/// What KubectlDiff prints: every object that would be new or differs.
/// @throws Failure DM871 where it is not that
[[nodiscard]] std::vector<ObjectDiff> parse_diff(std::string_view output);

struct Comparison {
  std::vector<FieldChange> changes{};
  std::vector<std::string> secret_paths{};  ///< what holds a placeholder for a secret: not compared
};
/// Fields that differ. Left out: what the API server counts (generation, resourceVersion, ...), checksums of
/// configuration in annotations (what they sum up is compared itself), certificates that others put into webhooks, and
/// what holds a secret. Items of lists are known by their name, if all have one.
[[nodiscard]] Comparison compare_objects(const support::Node& live, const support::Node& wanted);

}  // namespace datamill::cli

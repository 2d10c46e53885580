#pragma once

#include "datamill/domain/snapshot.hpp"
#include "datamill/support/node.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace datamill::domain {

/// A node and what it lacks for a pod: {"cpu", "needs 4, 1.2 of 2 free"}, {"taint", "gpu=true:NoSchedule"}.
struct NodeShortfall {
  std::string node{};
  std::vector<std::pair<std::string, std::string>> lacks{};
  friend bool operator==(const NodeShortfall&, const NodeShortfall&) = default;
};

/// Why something in the cluster is not as it should be: one state of one object, said once.
struct Finding {
  std::string code{};              ///< stable: "DM810"
  std::string name{};              ///< stable: "ImageNotFound"
  bool hopeless = false;           ///< cannot become well by itself: waiting for it has no use
  std::vector<ObjectRef> chain{};  ///< from what we applied down to what is ill: Deployment, ReplicaSet, Pod
  int count = 1;                   ///< how many objects of the same owner are like the chain's end
  std::string container{};         ///< of the pod at the chain's end; "" where it is not about one
  std::string reason{};            ///< the cluster's own word: "ImagePullBackOff", "Unschedulable"
  std::string message{};           ///< the cluster's own sentence, one line
  std::optional<int> exit_code{};
  std::vector<std::string> last_log{};  ///< last lines of the container that ended, oldest first
  std::string event{};                  ///< the last event that says something: "Warning FailedMount: ..."
  std::vector<NodeShortfall> nodes{};   ///< of a pod that fits on no node
  std::string cause{};                  ///< what it most likely means: one sentence without a final dot
  std::string next{};                   ///< what to type or do next
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// As a JSON object: the fields under their own names, `chain` and `nodes` as lists, absent values left out.
[[nodiscard]] support::Node finding_node(const Finding& finding);

}  // namespace datamill::domain

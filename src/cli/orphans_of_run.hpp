#pragma once

#include "cli/app.hpp"
#include "datamill/proc/runner.hpp"

#include <string>
#include <vector>

#include <sys/types.h>

namespace datamill::cli {

/// The variable by which every child of a run on a cluster can be known, whoever its parent is by now.
inline constexpr const char* kChildMark = "DATAMILL_CHILD_OF";

struct Orphan {
  pid_t pid = 0;
  std::string program{};  ///< "helm"
};

/// What is left of helm and kubectl of a run on the cluster in this folder: its children got a signal when it was
/// killed, but helm takes its time to write down what became of its release. Children of processes that live are
/// theirs. Other programs may have started what is to stay (kwokctl, a node's supervisor).
[[nodiscard]] std::vector<Orphan> orphans_of(const std::string& cluster_folder);

/// Waits until these have ended, 30 s at most; what is there then is killed. @throws Failure DM601 when interrupted
void wait_for_orphans(const App& app, proc::Runner& runner, const std::string& cluster_folder);

}  // namespace datamill::cli

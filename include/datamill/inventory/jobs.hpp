#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/support/node.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::inventory {

/// Every Job of `job submit`, its pod and its ConfigMap carry this label; its value is the Job's name.
inline constexpr std::string_view kJobLabel = "datamill.io/job";
/// The pod's one container, and where its file is.
inline constexpr std::string_view kJobContainer = "job";
inline constexpr std::string_view kJobFolder = "/job";

/// An environment variable: a value, or a key of a Secret in the Job's namespace.
struct JobVariable {
  std::string name{};
  std::string value{};
  std::string secret{};  ///< "" where it is a value
  std::string key{};
};

struct JobSpec {
  std::string ns{};
  std::string name{};
  std::string image{};
  std::vector<std::string> words{};  ///< its command; empty: the image's own
  std::vector<JobVariable> variables{};
  std::string file{};    ///< name of the file in its ConfigMap; "" where it needs none
  std::string cpu{};     ///< "500m"; "" = not said, as the next
  std::string memory{};  ///< "2Gi": as request and limit
  int gpus = 0;
  bool keep = false;  ///< not removed an hour after its end
};

/// The Job: one attempt, no ServiceAccount token (kubernetes docs: backoffLimit 0, restartPolicy Never).
[[nodiscard]] support::Node job(const JobSpec& spec);
/// The ConfigMap with its file, which goes when the Job goes: `uid` is that of the Job.
[[nodiscard]] support::Node job_file(const JobSpec& spec, const std::string& content, const std::string& uid);

/// How far a Job's pod is.
struct JobProgress {
  std::string pod{};            ///< "" where there is none yet
  std::string phase{};          ///< of the pod
  std::string pod_reason{};     ///< why the pod failed: "Evicted: The node was low on resource"
  std::string unschedulable{};  ///< what the scheduler says; "" once it has a node
  std::string state{};          ///< of the container: "waiting", "running", "terminated", "" before
  std::string reason{};         ///< "ErrImagePull", "OOMKilled", "Completed"
  std::string message{};
  std::optional<int> exit_code{};
  bool ending = false;  ///< being deleted
};
[[nodiscard]] command::Command job_pod_read(const std::string& ns, const std::string& job,
                                            const domain::KubeAccess& kube);
/// The newest pod; nothing in it where there is none.
[[nodiscard]] JobProgress parse_job_pod(std::string_view output);

/// Whether the container waits for an image that will not come (DebugProgress' reasons), and whether that is certain
/// already: the kubelet has tried more than once, or the name is no image's.
enum class ImageTrouble : unsigned char { none, maybe, certain };
[[nodiscard]] ImageTrouble image_trouble(const JobProgress& state);
/// Whether it will not start for another reason.
[[nodiscard]] bool cannot_start(const JobProgress& state);

struct JobRow {
  std::string name{};
  std::string created{};  ///< "2026-11-21T11:37:22Z"
  std::string state{};    ///< "running", "done", "failed", "waiting"
  std::string reason{};   ///< of the failure: "BackoffLimitExceeded: Job has reached ..."
  std::string image{};
};
[[nodiscard]] command::Command jobs_read(const std::string& ns, const domain::KubeAccess& kube);
[[nodiscard]] std::vector<JobRow> parse_jobs(std::string_view output);

/// Names of all Secrets of a namespace, separated by blanks.
[[nodiscard]] command::Command secret_names_read(const std::string& ns, const domain::KubeAccess& kube);

}  // namespace datamill::inventory

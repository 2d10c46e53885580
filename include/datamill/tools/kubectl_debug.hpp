#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <string>
#include <utility>
#include <vector>

namespace datamill::tools {

/// `kubectl exec --stdin [--tty] POD -- WORDS`: ends with the exit status of the command (kubectl docs). With
/// `foreground` it has our terminal and streams.
struct KubectlExecIn {
  std::string ns{};
  std::string pod{};
  std::string container{};
  bool terminal = false;
  bool foreground = false;
  bool input = false;  ///< passes on standard input without a terminal of ours
  std::vector<std::string> words{};
};
[[nodiscard]] command::Command to_command(const KubectlExecIn& run, const domain::KubeAccess& kube);

/// `kubectl debug POD --image=...`: adds an ephemeral container (kubernetes docs: it cannot be removed or changed
/// later) and, without --stdin, does not attach to it.
struct KubectlDebug {
  std::string ns{};
  std::string pod{};
  std::string container{};
  std::string image{};
  std::vector<std::pair<std::string, std::string>> environment{};
  std::vector<std::string> words{};
};
[[nodiscard]] command::Command to_command(const KubectlDebug& debug, const domain::KubeAccess& kube);

/// `kubectl delete pod NAMES --now --wait=false`: one second to end, and the answer comes at once (kubectl docs: --now
/// is --grace-period=1).
struct KubectlDeletePods {
  std::string ns{};
  std::vector<std::string> names{};
};
[[nodiscard]] command::Command to_command(const KubectlDeletePods& erase, const domain::KubeAccess& kube);

}  // namespace datamill::tools

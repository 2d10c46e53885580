#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace datamill::tools {

/// `kubectl logs POD --container NAME`: one container's log, line by line.
struct KubectlLogs {
  std::string ns{};
  std::string pod{};
  std::string container{};
  bool follow = false;
  bool previous = false;    ///< of the container before its last restart
  bool timestamps = false;  ///< each line begins with an RFC 3339 time and a blank
  std::optional<std::chrono::seconds> since{};
  std::optional<int> tail{};  ///< at most so many of the newest lines
};
[[nodiscard]] command::Command to_command(const KubectlLogs& logs, const domain::KubeAccess& kube);

/// `kubectl exec POD -- WORDS...`: always with our input; with a terminal there where we have one. kubectl ends with
/// the remote command's exit code.
struct KubectlExec {
  std::string ns{};
  std::string pod{};
  std::string container{};  ///< "" = kubectl's choice: the pod's default container, which it names
  bool terminal = false;
  std::vector<std::string> words{};
};
[[nodiscard]] command::Command to_command(const KubectlExec& exec, const domain::KubeAccess& kube);

/// `kubectl port-forward service/NAME` on 127.0.0.1. It prints "Forwarding from 127.0.0.1:PORT -> PORT" and ends when
/// the pod behind the Service goes.
struct KubectlPortForward {
  std::string ns{};
  std::string service{};
  int local_port = 0;  ///< 0: a free one
  int port = 0;        ///< of the Service
};
[[nodiscard]] command::Command to_command(const KubectlPortForward& forward, const domain::KubeAccess& kube);

/// `kubectl proxy` on 127.0.0.1. It prints "Starting to serve on 127.0.0.1:PORT".
struct KubectlProxy {
  int port = 0;  ///< 0: a free one
};
[[nodiscard]] command::Command to_command(const KubectlProxy& proxy, const domain::KubeAccess& kube);

/// `kubectl proxy --unix-socket`: lets through GET alone. kubectl makes the socket for its user only (it sets the mask
/// 077) and takes one that is left over away first. Linux takes paths of at most 107 bytes.
struct KubectlSocketProxy {
  std::string socket{};
};
[[nodiscard]] command::Command to_command(const KubectlSocketProxy& proxy, const domain::KubeAccess& kube);

/// `kubectl get secret NAME -o go-template=...`: prints the plain values of these keys, a line each. For people to
/// type; datamill itself never runs it.
struct KubectlShowSecret {
  std::string ns{};
  std::string name{};
  std::string key{};
};
[[nodiscard]] command::Command to_command(const KubectlShowSecret& show, const domain::KubeAccess& kube);

}  // namespace datamill::tools

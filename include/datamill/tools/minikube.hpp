#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <string>

namespace datamill::tools {

/// `minikube start` (minikube docs): creates or starts a profile. --keep-context and KUBECONFIG keep it away from the
/// user's own kubeconfig; `-o json` prints its progress as CloudEvents.
struct MinikubeStart {
  std::string profile{};
  std::string driver{};
  int cpus = 0;
  support::Mebibytes memory{};
  support::Mebibytes disk{};
  std::string kubernetes_version{};
  int nodes = 0;
  bool gpus = false;
  std::string registry_mirror{};
  std::string kubeconfig{};
};
[[nodiscard]] command::Command to_command(const MinikubeStart& start);

[[nodiscard]] command::Command minikube_addon(const std::string& profile, const std::string& addon, bool enable);
[[nodiscard]] command::Command minikube_stop(const std::string& profile);
/// minikube docs: `image load` takes a file that `docker save` wrote.
[[nodiscard]] command::Command minikube_load_image(const std::string& profile, const std::string& archive);
[[nodiscard]] command::Command minikube_delete(const std::string& profile);

}  // namespace datamill::tools

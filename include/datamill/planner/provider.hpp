#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/support/diagnostic.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

/// One way to have a cluster: a row of functions, one file in src/planner/providers/. The steps are values; nothing
/// here runs anything.
struct Provider {
  std::string_view name{};
  domain::Location location = domain::Location::local;
  std::string_view summary{};
  /// Reads the provider's own keys of the target strictly (DM32x).
  void (*check)(const domain::Target& target, support::Diagnostics& diagnostics) = nullptr;
  /// What its clusters offer, as far as it is known without asking one.
  domain::Facts (*facts)(const domain::Target& target) = nullptr;
  domain::KubeAccess (*access)(const domain::Target& target, const Places& places) = nullptr;
  /// Tools that its steps run, besides kubectl and helm.
  std::vector<std::string> (*tools)(const domain::Target& target) = nullptr;
  /// Steps that end with a running cluster, by context.cluster_state; none where it runs.
  void (*ensure)(const Context& context, plan::Plan& plan) = nullptr;
  /// Steps for one that runs, where it is not as it should be; nullptr where there is nothing to look after.
  void (*refresh)(const Context& context, plan::Plan& plan) = nullptr;
  void (*stop)(const Context& context, plan::Plan& plan) = nullptr;
  void (*destroy)(const Context& context, plan::Plan& plan) = nullptr;
  /// Networks in which its API servers are on this machine, as NO_PROXY takes them: a proxy knows no way there.
  /// nullptr: they are on loopback, which is never asked of a proxy, or elsewhere.
  std::vector<std::string> (*own_networks)(const Context& context) = nullptr;
  /// Brings an image, saved as a file, into the cluster. nullptr: it cannot be brought there, only pulled.
  command::Command (*load_image)(const Context& context, const std::string& archive) = nullptr;
  /// Why stop and destroy are refused ("datamill did not make this cluster"); empty where they are not.
  std::string_view refusal{};
  /// File below places.cluster that is there as soon as making the cluster has begun, and the one that is written when
  /// it is made. Empty: it exists outside of us.
  std::string (*begun_marker)(const domain::Target& target) = nullptr;
  std::string_view made_marker{};
  /// Folder of pid files below places.cluster, "" if the provider keeps none.
  std::string (*pid_folder)(const domain::Target& target) = nullptr;
  /// Folder below places.cluster with the record of a node whose parts run on this machine; "" if there is none.
  std::string_view node_folder{};
  /// It changes the machine itself: only root can use it, and is told so before anything is fetched or built.
  bool needs_root = false;
  /// Its tool looks for free ports itself: two that do so at the same moment take the same ones.
  bool picks_ports = false;
  /// Said once at the end: "pods are simulated", "nothing of it outlives a reboot".
  std::string_view remark{};
};

/// All providers of this version, in the order they are listed.
[[nodiscard]] const std::vector<Provider>& providers();
/// By name within a location; nullptr where there is none.
[[nodiscard]] const Provider* find_provider(domain::Location location, std::string_view name);

/// What `provider: auto` may look at.
struct Surroundings {
  std::string existing_provider{};  ///< provider of a cluster of ours with the target's name, "" if none
  bool docker_running = false;
  bool minikube_on_path = false;
  std::string node_obstacle{};  ///< why this machine cannot be a node itself: "a real node needs root"; "" if it can
};
struct Choice {
  const Provider* provider = nullptr;
  std::string why{};  ///< "kwok: no container platform found here; pods are simulated"; "" if the target names it
};
/// The provider a target means. DM320 unknown provider (with suggestion), DM321 known but not in this version.
[[nodiscard]] std::optional<Choice> choose_provider(const domain::Target& target, const Surroundings& surroundings,
                                                    support::Diagnostics& diagnostics);

}  // namespace datamill::planner

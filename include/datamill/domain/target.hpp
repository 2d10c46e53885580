#pragma once

#include "datamill/domain/sourced.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/source_ref.hpp"
#include "datamill/support/units.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::domain {

enum class Location : std::uint8_t { local, remote, hybrid };
[[nodiscard]] std::string_view to_name(Location location);

/// Which cluster: one location's block after fallback rule 1. Keys that all providers share are typed; `block` holds
/// the whole merged block, out of which the chosen provider reads its own keys strictly.
struct Target {
  Location location = Location::local;
  std::string provider = "auto";  ///< "existing" for hybrid
  std::string cluster_name = "datamill";
  int cpus = 0;                 ///< 0: the provider's default
  support::Mebibytes memory{};  ///< 0: the provider's default
  support::Mebibytes storage{};
  int nodes = 0;
  bool gpu_support = false;
  std::string kubernetes_version{};
  std::string registry_mirror{};
  std::vector<std::string> addons{};
  std::string kubeconfig{};  ///< hybrid `config`, expanded; "" otherwise
  std::string context{};     ///< hybrid `context`
  support::Node block{};     ///< every key of the block as written, a map
  support::SourceRef at{};
  std::string rule{};  ///< which rule chose it, for `config explain`: "-t big.yaml over flavour", ...
};

/// How kubectl and helm reach the cluster; always explicit on their command lines.
struct KubeAccess {
  std::string kubeconfig{};
  std::string context{};
};

/// What is true of a cluster, from its provider and from the cluster itself; `facts.x` in components.
struct Facts {
  bool load_balancer = false;   ///< Services of type LoadBalancer get an address
  std::string storage_class{};  ///< the default StorageClass; "" if there is none
  bool simulated = false;       ///< pods are simulated
  std::string ingress_class{};  ///< built-in ingress, "" if none
  bool gpu = false;
  bool own_images = false;           ///< images that we build can be brought into it
  std::string kubernetes_version{};  ///< "v1.36.3", "" while unknown

  /// All facts by name as text; booleans are "true" and "false".
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> all() const;
};

}  // namespace datamill::domain

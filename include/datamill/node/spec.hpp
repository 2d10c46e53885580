#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::node {

/// One command that makes the machine ready: an address, a bridge, a kernel setting.
struct Preparation {
  std::vector<std::string> words{};     ///< program (a path) and arguments
  std::vector<std::string> ok_texts{};  ///< an error that says one of these is none: "File exists"
};

/// What a part listens on.
struct Port {
  std::string address{};  ///< IPv4
  int number = 0;
};

/// A long-running program that is started again whenever it ends.
struct Part {
  std::string name{};
  std::vector<std::string> words{};  ///< program (a path) and arguments
  std::vector<std::pair<std::string, std::string>> env{};
  std::vector<std::string> after{};  ///< a command that ends soon: the part is started once it succeeds; may be empty
  bool ends_containers = false;      ///< after it was stopped the containers are
};

/// What runs on the one node of an embedded cluster; written as JSON by the provider's plan.
struct Spec {
  std::string folder{};  ///< everything of the node lies below
  std::string cgroup{};  ///< name of its control group, of all its containers the parent: "datamill-lab"
  std::string bridge{};
  std::string network{};   ///< of pods: "10.89.0.0/24"
  std::string services{};  ///< addresses of Services: "10.96.0.0/16"
  std::vector<Port> ports{};
  std::vector<Preparation> preparations{};
  std::vector<Part> parts{};  ///< in the order they start; they are stopped in reverse
};

/// What goes past a proxy: `before`, what the machine says already, then loopback and the node's own ranges and names.
[[nodiscard]] std::string past_proxy(const Spec& spec, std::string_view before);

/// @throws Failure DM610 where the file cannot be read or is no such specification.
[[nodiscard]] Spec read_spec(const std::string& path);

}  // namespace datamill::node

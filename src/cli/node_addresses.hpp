#pragma once

#include "datamill/support/exit_code.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// addresses ADDRESS KUBECTL KUBECONFIG PORT/PROTOCOL...: gives every Service of type LoadBalancer the node's address,
/// until a signal arrives; the ports are the node's own. A part of the node like kube-proxy, which routes what arrives
/// there. It prints what it does.
[[nodiscard]] support::ExitCode run_addresses(const std::vector<std::string>& words);

}  // namespace datamill::cli

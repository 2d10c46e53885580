#pragma once

#include "datamill/node/spec.hpp"
#include "datamill/support/exit_code.hpp"

#include <string>

namespace datamill::cli {

/// Supervises the parts of a node in this process until a signal arrives. Where a supervisor of an older specification
/// runs, this one takes over from it; one of the same specification is left alone.
/// @throws Failure DM611 control groups, DM617 a preparation failed, DM641 another command works on the node
[[nodiscard]] support::ExitCode run_node(const node::Spec& spec);

/// Stops the supervisor with all parts, or the parts alone where it died, and removes what they leave: containers,
/// shims, mounts, leases of addresses. Again and again, with the same result.
/// @throws Failure DM613 still mounted, DM614 the supervisor does not end, DM641 another command works on the node
void stop_node(const node::Spec& spec);

/// stop_node(), then takes everything else of the node off the machine: rules and chains in the kernel, the bridge,
/// links and folders of the kubelet outside of ours. What may be another kubelet's stays, and a node that never ran has
/// none.
/// @throws Failure as stop_node()
void clean_node(const node::Spec& spec);

/// Whether the parts of the node below `folder` are watched.
[[nodiscard]] bool is_supervised(const std::string& folder);

}  // namespace datamill::cli

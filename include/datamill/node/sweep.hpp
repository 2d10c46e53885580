#pragma once

#include "datamill/node/spec.hpp"
#include "datamill/proc/process.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::node {

/// Where control groups are mounted (cgroups(7)).
inline constexpr std::string_view kControlGroups = "/sys/fs/cgroup";

/// Makes the control group `name` at the top of every hierarchy (cgroup v1: each controller; v2: the one there is), so
/// that everything of the node is below it. What is there stays. @returns "" or what went wrong
[[nodiscard]] std::string make_control_groups(const std::string& name,
                                              const std::string& mounted = std::string(kControlGroups));

/// Ends every process in the control group `name` and below: SIGTERM, after `grace_seconds` SIGKILL.
void end_processes(const std::string& name, int grace_seconds);

/// Ends one process: SIGTERM, after `grace_seconds` SIGKILL.
void end_process(const proc::ProcessIdentity& process, int grace_seconds);

/// Sockets of shims that our containerd knows of: containerd puts them into /run/containerd/s whatever its folders are,
/// and a shim that is killed leaves its own behind.
[[nodiscard]] std::vector<std::string> shim_sockets(const Spec& spec);

/// Whether a process is of the node, whoever started it: its executable lies below the node's folder, or is a program
/// that nodes are made of (a part, a shim, runc, `datamill node ...`) and a word of its command line names something
/// below that folder. Programs that people have open there (an editor, tail) are not.
[[nodiscard]] bool belongs_to(const Spec& spec, std::string_view executable, const std::vector<std::string>& words);

/// Living processes of the node by belongs_to(), but neither this one nor younger ones of `datamill node run`, `stop`
/// and `clean`: those wait for their turn.
[[nodiscard]] std::vector<proc::ProcessIdentity> processes_of(const Spec& spec);

/// Ends them all, also those that they start meanwhile: SIGTERM, after `grace_seconds` SIGKILL; shims, which outlive
/// their containerd, by SIGKILL at once. For what nobody noted too, as another version's supervisor leaves it.
void end_remaining(const Spec& spec, int grace_seconds);

/// Takes off everything that is mounted below `folder`, the deepest first. @returns what stays mounted
[[nodiscard]] std::vector<std::string> unmount_below(const std::string& folder);

/// Removes the control group and all below it; one that still has processes stays.
void remove_control_groups(const std::string& name);

/// Writes the name servers of this machine that a pod can reach, so not those on loopback, as a resolv.conf(5).
void write_resolvers(const std::string& path);

/// Removes what the node's parts left outside of its folder, and the folders they made there if nothing else is in
/// them.
void remove_traces(const Spec& spec);

/// The arguments of iptables that remove what Kubernetes made in one table: `listing` is what `iptables -S` printed for
/// it. Rules go first, then the chains that are then empty. Chains of Kubernetes begin with "KUBE-" (Kubernetes docs:
/// Virtual IPs and Service Proxies); rules of `comment` are our own.
/// Without `with_kubernetes` only our own go: another kubelet's are none of our business.
[[nodiscard]] std::vector<std::vector<std::string>> removals(std::string_view listing, std::string_view comment,
                                                             bool with_kubernetes = true);

}  // namespace datamill::node

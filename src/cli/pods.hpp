#pragma once

#include "cli/session.hpp"
#include "datamill/inventory/component_objects.hpp"

#include <vector>

namespace datamill::cli {

/// For commands that need containers which run. Call it before anything is started, and again after reach_cluster():
/// of an existing cluster only its nodes say that they are simulated.
/// @throws Failure exit 2, DM021, where pods are simulated
void refuse_simulated(const Session& session);

/// Gets the tools and reads the cluster. @throws Failure exit 4, DM020, where it is not there or does not run
void reach_cluster(Session& session);

/// What the cluster holds of the component on the command line, in the namespace that -n or the flavour says where
/// there are several.
/// @throws Failure exit 7, DM022 not installed; exit 2, DM023 in several namespaces
[[nodiscard]] inventory::Belongings find_component(const Session& session);

/// @throws Failure exit 4
[[nodiscard]] inventory::ComponentObjects read_objects(Session& session, const inventory::Belongings& belongings);

/// Says why a component has no pods: what makes them, how many it wants, what it reports.
/// @throws Failure exit 1, DM024
[[noreturn]] void fail_without_pods(const Session& session, const inventory::Belongings& belongings,
                                    const inventory::ComponentObjects& objects);

/// The pods one can work with, best first: the one --pod names, or all that are ready, those that serve before those of
/// DaemonSets and Jobs. Never empty.
/// @throws Failure DM024 no pods; exit 1, DM026 none is ready, with the reasons; exit 2, DM027 no such pod
[[nodiscard]] std::vector<inventory::Pod> usable_pods(const Session& session, const inventory::Belongings& belongings,
                                                      const inventory::ComponentObjects& objects);

/// @throws Failure exit 2, DM027, where --pod names none of these
void check_pod_name(const Session& session, const inventory::ComponentObjects& objects);

}  // namespace datamill::cli

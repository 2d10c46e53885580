#pragma once

#include "cli/session.hpp"
#include "datamill/plan/plan.hpp"

namespace datamill::cli {

/// Before the first change: is there room for the pods, are there StorageClasses, ports and images, may we make what
/// the charts hold? Renders what changes and reads the cluster once. Starts nothing where the plan has nothing to do
/// or with `--preflight off`. By default it refuses, but only warns where pods are simulated or nodes are added on
/// demand; missing rights always refuse.
/// @throws Failure exit 7: DM860-DM866 (capacity::judge), DM867 (rights)
void check_before_install(Session& session, const plan::Plan& plan);

}  // namespace datamill::cli

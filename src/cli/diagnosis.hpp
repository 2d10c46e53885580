#pragma once

#include "cli/session.hpp"
#include "datamill/domain/finding.hpp"
#include "datamill/inventory/component_objects.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// A pod that is neither ready nor done, as far as its own status says why.
struct WaitingPod {
  std::string name{};
  std::string state{};  ///< "Pending, ContainerCreating"
};

/// How a component is.
struct Diagnosis {
  inventory::Belongings belongings{};
  int pods = 0;  ///< wanted or there, without those of Jobs that are done
  int ready = 0;
  std::vector<WaitingPod> waiting{};
  std::vector<domain::Finding> findings{};  ///< the most telling first
  [[nodiscard]] bool is_well() const { return findings.empty() && ready >= pods; }
};

/// Reads the objects of these components (two kubectl processes side by side, more only where something is ill), the
/// last log lines of containers that crash, and judges them.
/// @throws Failure exit 4, DM570
[[nodiscard]] std::vector<Diagnosis> diagnose_components(Session& session,
                                                         const std::vector<inventory::Belongings>& components);

}  // namespace datamill::cli

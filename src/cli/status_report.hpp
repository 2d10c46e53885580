#pragma once

#include "cli/session.hpp"
#include "datamill/inventory/status_read.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace datamill::cli {

/// One process of a cluster that runs on this machine.
struct ClusterPart {
  std::string name{};
  bool running = false;
};

/// A debugging pod that nobody uses any more.
struct Leftover {
  inventory::DebugPod pod{};
  std::string reason{};
};

/// What there is to say; everything but `state` and the folder is empty unless the cluster runs.
struct Status {
  std::string state{};
  std::string kubernetes_version{};
  std::vector<ClusterPart> parts{};
  inventory::ClusterReport report{};
  std::vector<Leftover> leftovers{};
  std::string folder{};  ///< of the cluster's state; "" where it exists outside of us
  std::int64_t folder_bytes = 0;
};

[[nodiscard]] std::string status_json(const Session& session, const Status& status);
/// `width` as render_table() has it.
[[nodiscard]] std::string status_text(const Session& session, const Status& status, int width);

}  // namespace datamill::cli

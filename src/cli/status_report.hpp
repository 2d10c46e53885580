#pragma once

#include "cli/diagnosis.hpp"
#include "cli/session.hpp"
#include "datamill/inventory/status_read.hpp"
#include "datamill/node/layers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace datamill::cli {

/// One process of a cluster that runs on this machine.
struct ClusterPart {
  std::string name{};
  bool running = false;
  std::int64_t since = 0;           ///< seconds since 1970; 0 where it does not run, or where nobody knows
  std::int64_t resident_bytes = 0;  ///< memory; 0 where it does not run
  std::int64_t restarts = 0;
  std::string last_end{};  ///< "killed by SIGSEGV", "" if it never ended
  std::int64_t last_end_at = 0;
};

/// A debugging pod that nobody uses any more.
struct Leftover {
  inventory::DebugPod pod{};
  std::string reason{};
};

/// What there is to say; everything but `state`, the folder and the parts that run is empty unless the cluster answers.
struct Status {
  std::string state{};
  std::string kubernetes_version{};
  std::vector<ClusterPart> parts{};
  bool parts_are_watched = false;  ///< by a supervisor of ours, which knows of their restarts
  inventory::ClusterReport report{};
  std::vector<Diagnosis> diagnoses{};  ///< of all components, where something is ill
  std::vector<Leftover> leftovers{};
  std::optional<node::Layers> layers{};  ///< of images on a node that is this machine
  std::string folder{};                  ///< of the cluster's state; "" where it exists outside of us
  std::int64_t folder_bytes = 0;
};

/// "native: each layer ...", for `status` and `doctor`; "" where layers are put on each other as everywhere.
[[nodiscard]] std::string layers_text(const node::Layers& layers);
[[nodiscard]] std::string status_json(const Session& session, const Status& status);
/// `width` as render_table() has it.
[[nodiscard]] std::string status_text(const Session& session, const Status& status, int width);

}  // namespace datamill::cli

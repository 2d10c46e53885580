#pragma once

#include "datamill/exec/capture.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/toolbox/toolbox.hpp"
#include "toolbox/find.hpp"
#include "toolbox/probe_cache.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::toolbox {

/// A version probe that takes longer is given up (DM405).
inline constexpr std::chrono::seconds kProbeLimit{30};

struct ProbeResult {
  std::string version{};  ///< "" where there is a problem
  std::string problem{};  ///< "gives no answer within 30 s"
  std::string code{};     ///< DM403 cannot be started, DM404 prints no version, DM405 hangs
};

struct ProbeRequest {
  const ToolSpec* tool = nullptr;
  std::string path{};
};

/// Starts each file with its tool's probe arguments, all side by side, unless the cache knows the answer.
/// @throws Failure DM601 when interrupted
[[nodiscard]] std::vector<ProbeResult> probe_all(const std::vector<ProbeRequest>& requests, ProbeCache& cache,
                                                 proc::Runner& runner);

/// What a probe's output means.
[[nodiscard]] ProbeResult read_probe(const exec::CaptureResult& result);

/// Whether this version of the tool may be used: "" or "is 3.9.0, older than 3.22.0". A copy from the cache must be the
/// pinned version, one from elsewhere recent enough.
[[nodiscard]] std::string version_problem(const ToolSpec& tool, ToolOrigin origin, const std::string& version);

}  // namespace datamill::toolbox

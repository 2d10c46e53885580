#pragma once

#include "datamill/support/environment.hpp"
#include "datamill/toolbox/toolbox.hpp"

#include <optional>
#include <string>

namespace datamill::toolbox {

/// A file that may be the tool; it has not been started yet.
struct Candidate {
  ToolOrigin origin = ToolOrigin::missing;
  std::string path{};
  std::string problem{};  ///< why it cannot be started: "does not exist", "is a folder", "is not executable"
  std::string code{};     ///< DM401 or DM403
};

/// What DATAMILL_<TOOL> names; a name without a slash is looked up on PATH. nullopt where the variable is not set.
[[nodiscard]] std::optional<Candidate> environment_candidate(const ToolSpec& tool,
                                                             const support::Environment& environment);
/// The first executable of that name in PATH's absolute folders, or else the first file that is not executable.
[[nodiscard]] std::optional<Candidate> path_candidate(const ToolSpec& tool, const support::Environment& environment);
/// The copy that we fetched earlier.
[[nodiscard]] std::optional<Candidate> cache_candidate(const ToolSpec& tool, const std::string& cache);

/// <cache>/tools/<tool>/<version>
[[nodiscard]] std::string cache_folder(const ToolSpec& tool, const std::string& cache);
[[nodiscard]] std::string cache_path(const ToolSpec& tool, const std::string& cache);

}  // namespace datamill::toolbox

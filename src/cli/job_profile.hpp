#pragma once

#include "datamill/support/file_source.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// data/jobs.yaml: what runs a file of one kind.
struct JobProfile {
  std::string image{};
  std::string own{};  ///< image of ours that is taken where the cluster can have it; "" = none
  std::vector<std::string> command{};
  bool arguments = true;  ///< whether the user may give any
};

/// The profile for a file's ending ("py"); nullopt where there is none, and then `known` has those there are. All of
/// the file is checked. @throws Failure exit 2: DM109 unreadable, DM078 an image without a version, DM12x
[[nodiscard]] std::optional<JobProfile> read_job_profile(std::string_view ending, const std::string& root,
                                                         const support::FileSource& files,
                                                         std::vector<std::string>& known);

}  // namespace datamill::cli

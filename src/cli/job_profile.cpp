#include "cli/job_profile.hpp"

#include "cli/data_file.hpp"
#include "cli/debug_profile.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::Diagnostics;
using support::MapReader;

namespace {

JobProfile read_kind(const support::Entry& entry, Diagnostics& diagnostics) {
  MapReader reader(entry.value, fmt::format("kind \"{}\"", entry.key), diagnostics);
  JobProfile profile{.image = reader.required_text("image"),
                     .own = reader.text_or("own", {}),
                     .command = reader.text_list("command"),
                     .arguments = reader.boolean("arguments").value_or(true)};
  reader.finish();
  if (!profile.image.empty() && !is_pinned(profile.image)) {
    diagnostics.error("DM078", reader.at("image"), fmt::format("the image \"{}\" names no version", profile.image),
                      "give a tag other than latest, or a digest");
  }
  return profile;
}

}  // namespace

std::optional<JobProfile> read_job_profile(std::string_view ending, const std::string& root,
                                           const support::FileSource& files, std::vector<std::string>& known) {
  std::optional<JobProfile> found;
  const DataFile file{.name = "data/jobs.yaml", .says_what = "what runs a job's file"};
  read_data_file(file, root, files, [&](MapReader& reader) {
    for (const auto& entry : reader.entries("kinds")) {
      auto profile = read_kind(entry, reader.diagnostics());
      known.push_back(entry.key);
      if (entry.key == ending) found = std::move(profile);
    }
  });
  return found;
}

}  // namespace datamill::cli

#include "cli/job_profile.hpp"

#include "cli/debug_profile.hpp"
#include "datamill/config/load_workspace.hpp"
#include "datamill/config/yaml.hpp"
#include "datamill/support/map_reader.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::Diagnostics;
using support::ExitCode;
using support::Failure;
using support::MapReader;
using support::Node;

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
  const auto path = root + "/data/jobs.yaml";
  const auto read = files.read(path, config::kMaxFileBytes);
  if (!read.text) {
    throw Failure(ExitCode::usage, "DM109", fmt::format("\"{}\" cannot be read: {}", path, read.problem),
                  "it says what runs a job's file; get it back from datamill's repository");
  }
  Diagnostics diagnostics;
  std::optional<JobProfile> found;
  if (const auto documents = config::parse_yaml(*read.text, path, config::Documents::one, diagnostics)) {
    const Node node = documents->empty() ? Node{} : documents->front();
    MapReader reader(node, "data/jobs.yaml", diagnostics);
    for (const auto& entry : reader.entries("kinds")) {
      auto profile = read_kind(entry, diagnostics);
      known.push_back(entry.key);
      if (entry.key == ending) found = std::move(profile);
    }
    reader.finish();
  }
  config::attach_excerpts(diagnostics, files);
  if (diagnostics.has_errors()) throw Failure(ExitCode::usage, std::move(diagnostics));
  return found;
}

}  // namespace datamill::cli

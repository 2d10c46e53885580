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

constexpr std::int64_t kLongestLimit = 7 * 24 * 3600;

/// The image's part of the file; the other kinds are checked as well, so that a mistake is seen before it is needed.
void read_images(MapReader& file, std::string_view wanted, DebugProfile& profile, Diagnostics& diagnostics) {
  for (const auto& entry : file.entries("images")) {
    MapReader reader(entry.value, fmt::format("image \"{}\"", entry.key), diagnostics);
    const auto image = reader.required_text("image");
    const auto own = reader.text_or("own", {});
    auto shell = reader.text_list("shell");
    reader.finish();
    if (!image.empty() && !is_pinned(image)) {
      diagnostics.error("DM047", reader.at("image"), fmt::format("the image \"{}\" names no version", image),
                        "give a tag other than latest, or a digest");
    }
    if (entry.key != wanted) continue;
    profile.image = image;
    profile.own = own;
    profile.shell = std::move(shell);
  }
  if (profile.image.empty() && !diagnostics.has_errors())
    diagnostics.error("DM122", file.at("images"), fmt::format("no image \"{}\" is there", wanted));
}

}  // namespace

bool is_pinned(std::string_view image) {
  if (image.find('@') != std::string_view::npos) return true;
  const auto slash = image.rfind('/');
  const auto colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  return colon != std::string_view::npos && colon + 1 < image.size() && image.substr(colon + 1) != "latest";
}

DebugProfile read_debug_profile(std::string_view kind, const std::string& root, const support::FileSource& files) {
  const auto path = root + "/data/debug.yaml";
  const auto read = files.read(path, config::kMaxFileBytes);
  if (!read.text) {
    throw Failure(ExitCode::usage, "DM109", fmt::format("\"{}\" cannot be read: {}", path, read.problem),
                  "it says what the debugging pods are; get it back from datamill's repository");
  }
  DebugProfile profile;
  Diagnostics diagnostics;
  if (const auto documents = config::parse_yaml(*read.text, path, config::Documents::one, diagnostics)) {
    const Node node = documents->empty() ? Node{} : documents->front();
    MapReader reader(node, "data/debug.yaml", diagnostics);
    profile.limit = std::chrono::seconds(reader.integer("limit", 1, kLongestLimit).value_or(kLongestLimit));
    profile.wait = reader.text_list("wait");
    profile.end = reader.text_list("end");
    read_images(reader, kind, profile, diagnostics);
    reader.finish();
  }
  config::attach_excerpts(diagnostics, files);
  if (diagnostics.has_errors()) throw Failure(ExitCode::usage, std::move(diagnostics));
  return profile;
}

}  // namespace datamill::cli

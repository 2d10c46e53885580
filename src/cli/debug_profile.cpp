#include "cli/debug_profile.hpp"

#include "cli/data_file.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::Diagnostics;
using support::MapReader;

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
  DebugProfile profile;
  const DataFile file{.name = "data/debug.yaml", .says_what = "what the debugging pods are"};
  read_data_file(file, root, files, [&](MapReader& reader) {
    profile.limit = std::chrono::seconds(reader.integer("limit", 1, kLongestLimit).value_or(kLongestLimit));
    profile.wait = reader.text_list("wait");
    profile.end = reader.text_list("end");
    read_images(reader, kind, profile, reader.diagnostics());
  });
  return profile;
}

}  // namespace datamill::cli

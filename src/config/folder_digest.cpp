#include "config/component_files.hpp"
#include "config/paths.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::config {

using support::FileSource;

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024U * 1024U;
constexpr int kDeepest = 16;

/// Adds a line "sha256  path" for every file; false where one cannot be read.
bool add_files(const std::string& folder, const std::string& below, int depth, const FileSource& files,
               std::string_view without, std::string& listing, support::Diagnostics& diagnostics) {
  for (const auto& name : files.list(folder)) {
    if (below.empty() && name == without) continue;
    const std::string path = fmt::format("{}/{}", folder, name);
    const std::string shown = below.empty() ? name : fmt::format("{}/{}", below, name);
    if (files.kind(path) == FileSource::Kind::directory) {
      // A link to a folder above would never end.
      if (depth < kDeepest && !add_files(path, shown, depth + 1, files, {}, listing, diagnostics)) return false;
      continue;
    }
    const auto result = files.read(path, kMostBytes);
    if (!result.text) {
      diagnostics.error("DM109", {.file = support::FileName(path)},
                        fmt::format("the file cannot be read: {}", result.problem));
      return false;
    }
    listing += fmt::format("{}  {}\n", support::sha256_hex(*result.text), shown);
  }
  return true;
}

}  // namespace

std::optional<std::string> folder_digest(const std::string& folder, const FileSource& files,
                                         support::Diagnostics& diagnostics, std::string_view without) {
  std::string listing;
  if (!add_files(folder, {}, 0, files, without, listing, diagnostics)) return std::nullopt;
  return support::sha256_hex(listing);
}

}  // namespace datamill::config

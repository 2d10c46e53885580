#include "datamill/config/load_workspace.hpp"

#include "config/paths.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::config {

using support::FileSource;

namespace {

bool is_root(const std::string& folder, const FileSource& files) {
  return files.kind(join_path(folder, "components")) == FileSource::Kind::directory &&
         files.kind(join_path(folder, "flavours")) == FileSource::Kind::directory;
}

/// The first of `folder` and its parents that is a data root.
std::optional<std::string> find_above(std::string folder, const FileSource& files) {
  while (!folder.empty()) {
    if (is_root(folder, files)) return folder;
    std::string parent = folder_of(folder);
    if (parent == folder) break;
    folder = std::move(parent);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> locate_root(const RootSearch& search, const FileSource& files,
                                       const support::Environment& environment, support::Diagnostics& diagnostics) {
  const std::string variable = environment.get("DATAMILL_ROOT");
  std::vector<std::string> tried;
  const std::string given = search.flag.empty() ? variable : search.flag;
  if (!given.empty()) {
    std::string root = join_path(search.working_directory, given);
    if (is_root(root, files)) return root;
    tried.push_back(fmt::format("{} ({})", root, search.flag.empty() ? "DATAMILL_ROOT" : "--root"));
  } else {
    std::string installed = join_path(folder_of(folder_of(search.executable)), "share/datamill");
    if (auto root = find_above(search.working_directory, files)) return root;
    if (auto root = find_above(folder_of(search.executable), files)) return root;
    if (is_root(installed, files)) return installed;
    tried = {fmt::format("{} and the folders above", search.working_directory),
             fmt::format("{} and the folders above", folder_of(search.executable)), installed};
  }
  diagnostics.error(
      "DM200", {},
      fmt::format("no folder with components/ and flavours/ was found; tried {}", support::join(tried, ", ")),
      "go to the folder that holds them, or give it with --root");
  return std::nullopt;
}

}  // namespace datamill::config

#include "config/named_file.hpp"

#include "config/paths.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::config {

using support::FileSource;

std::optional<std::string> find_named_file(const NamedFiles& kind, const std::string& given, const std::string& root,
                                           const FileSource& files, const support::SourceRef& at,
                                           support::Diagnostics& diagnostics) {
  const std::string folder = join_path(root, kind.folder);
  const std::string below = join_path(folder, given);
  for (const auto& path : {given, join_path(root, given), below, below + ".yaml", below + ".yml"}) {
    const auto found = files.kind(path);
    if (found == FileSource::Kind::file || found == FileSource::Kind::other) return path;
  }
  const std::string hint = available_text(kind, root, files);
  if (files.kind(given) == FileSource::Kind::directory) {
    diagnostics.error("DM109", at, fmt::format("{} \"{}\" is a directory, not a file", kind.what, given), hint);
    return std::nullopt;
  }
  const std::string meant = support::did_you_mean(stem_of(given), available(kind, root, files));
  diagnostics.error(kind.code, at,
                    fmt::format("there is no {} \"{}\", neither here nor in {}", kind.what, given, folder),
                    meant.empty() ? hint : fmt::format("{} {}", meant, hint));
  return std::nullopt;
}

std::vector<std::string> available(const NamedFiles& kind, const std::string& root, const FileSource& files) {
  std::vector<std::string> names;
  for (const auto& name : files.list(join_path(root, kind.folder))) {
    if (is_yaml_name(name)) names.push_back(stem_of(name));
  }
  return names;
}

std::string available_text(const NamedFiles& kind, const std::string& root, const FileSource& files) {
  const auto names = available(kind, root, files);
  if (names.empty()) return fmt::format("{} has none; put one there", join_path(root, kind.folder));
  return fmt::format("available {}s: {}", kind.what, support::join(names, ", "));
}

}  // namespace datamill::config

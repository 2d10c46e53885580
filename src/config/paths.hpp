#pragma once

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace datamill::config {

/// `folder`/`path` without "." and ".." parts; `path` alone where it is absolute.
[[nodiscard]] std::string join_path(std::string_view folder, std::string_view path);
/// The folder of a file: "flavours" for "flavours/ds.yaml", "" for "ds.yaml".
[[nodiscard]] std::string folder_of(std::string_view file);
/// The last part: "ds.yaml" for "flavours/ds.yaml".
[[nodiscard]] std::string base_name(std::string_view file);
/// The base name without its last extension.
[[nodiscard]] std::string stem_of(std::string_view file);
[[nodiscard]] bool is_yaml_name(std::string_view file);

/// `~`, `~/x` and `${env.NAME}` replaced. DM243 where the environment does not have it.
[[nodiscard]] std::optional<std::string> expand_path(std::string_view path, const support::Environment& environment,
                                                     const support::SourceRef& at, support::Diagnostics& diagnostics);
/// The same, and relative paths are taken from the folder of the file that holds them (at.file).
[[nodiscard]] std::optional<std::string> resolve_path(std::string_view path, const support::Environment& environment,
                                                      const support::SourceRef& at, support::Diagnostics& diagnostics);

}  // namespace datamill::config

#include "config/user_config_reader.hpp"

#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "datamill/support/map_reader.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <array>

namespace datamill::config {

using support::MapReader;
using support::Node;

namespace {

constexpr std::string_view kMirrorVariable = "DATAMILL_CHART_MIRROR";
/// Flags of the command line that the user file may set once for all runs.
constexpr std::array<std::string_view, 9> kFlags{"location",   "parallelism", "timeout",    "output",      "color",
                                                 "log_format", "state_dir",   "kubeconfig", "kube_context"};
/// Keys of `project:` that make sense for every flavour.
constexpr std::array<std::string_view, 5> kProjectKeys{"k8s_namespace", "proxy_port", "k8s_default_config",
                                                       "component_default_config", "data_folder"};

void read_mirrors(MapReader& reader, const support::Environment& environment, UserFile& user) {
  for (const auto& entry : reader.entries("chart_mirrors")) {
    const Node& target = entry.value;
    if (!target.is_scalar()) {
      reader.diagnostics().error("DM240", target.at,
                                 fmt::format("the mirror of \"{}\" must be a URL or a folder", entry.key));
      continue;
    }
    const bool is_url = support::contains(target.scalar, "://");
    const auto path =
        is_url ? target.scalar : resolve_path(target.scalar, environment, target.at, reader.diagnostics());
    if (path) user.config.chart_mirrors[entry.key] = *path;
  }
}

void read_project(MapReader& reader, UserFile& user) {
  const Node* project = reader.node("project");
  if (project == nullptr) return;
  MapReader keys(*project, "\"project\" of the user file", reader.diagnostics());
  for (const auto key : kProjectKeys)
    keys.ignore(key);
  keys.finish();
  user.project = *project;
}

void read_mirror_variable(const std::string& text, UserFile& user, support::Diagnostics& diagnostics) {
  const auto parts = support::split_list(text, ",");
  for (const auto& part : parts) {
    const auto equals = part.find('=');
    // A lone URL may hold "=" in its query.
    const bool lone = equals == std::string::npos || support::contains(part.substr(0, equals), "?");
    if (lone && parts.size() > 1) {
      diagnostics.error("DM240", {},
                        fmt::format("{} names \"{}\" without the repository it stands for", kMirrorVariable, part),
                        "write PREFIX=TARGET,PREFIX=TARGET, or one URL or folder for every repository");
      continue;
    }
    user.config.chart_mirrors[lone ? std::string() : part.substr(0, equals)] = lone ? part : part.substr(equals + 1);
  }
}

}  // namespace

UserFile read_user_file(const std::string& path, const support::FileSource& files,
                        const support::Environment& environment, support::Diagnostics& diagnostics) {
  UserFile user;
  const bool exists = !path.empty() && files.kind(path) != support::FileSource::Kind::missing;
  const auto document = exists ? read_yaml(files, path, diagnostics) : std::nullopt;
  if (document) {
    MapReader reader(*document, "the user file", diagnostics);
    read_mirrors(reader, environment, user);
    read_project(reader, user);
    for (const auto flag : kFlags) {
      const Node* value = reader.node(flag);
      if (value != nullptr)
        user.config.values[std::string(flag)] = {.value = *value, .origin = {.at = value->at, .rule = "user file"}};
    }
    reader.finish();
  }
  read_mirror_variable(environment.get(kMirrorVariable), user, diagnostics);
  return user;
}

}  // namespace datamill::config

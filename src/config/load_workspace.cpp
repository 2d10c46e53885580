#include "datamill/config/load_workspace.hpp"

#include "config/catalogue.hpp"
#include "config/component_files.hpp"
#include "config/flavour_reader.hpp"
#include "config/images_reader.hpp"
#include "config/paths.hpp"
#include "config/reach.hpp"
#include "config/settings.hpp"
#include "config/target_reader.hpp"
#include "config/user_config_reader.hpp"
#include "config/workspace_values.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/side_by_side.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::Location;
using domain::Workspace;
using support::Diagnostics;
using support::Environment;
using support::FileSource;

namespace {

constexpr std::size_t kWorthThreads = 500;

/// One load: the request and what is read so far.
class Loader {
public:
  Loader(const LoadRequest& request, const FileSource& files, const Environment& environment, Diagnostics& diagnostics)
      : request_(request), files_(files), environment_(environment), diagnostics_(diagnostics) {}

  [[nodiscard]] Workspace load() {
    workspace_.root = request_.root;
    user_ = read_user_file(request_.user_file, files_, environment_, diagnostics_);
    workspace_.user = user_.config;
    const bool readable = read_flavour_file();
    // First of all: is there a cluster to work on?
    if (readable) resolve_target();
    capabilities_ = read_capabilities(request_.root, files_, diagnostics_);
    catalogue_ = read_catalogue(request_.root, files_, request_.everything, diagnostics_);
    check_catalogue(catalogue_, capabilities_, request_.everything, diagnostics_);
    resolve_names(flavour_, catalogue_, capabilities_, diagnostics_);
    check_retired_blocks(flavour_, catalogue_, diagnostics_);
    workspace_.services = read_services(flavour_.services, capabilities_, diagnostics_);
    resolve_requested();
    workspace_.project = flavour_.project;
    workspace_.image_registry = flavour_.image_registry;
    read_configs();
    if (needs_images()) workspace_.images = read_images(request_.root, files_, diagnostics_);
    add_values(flavour_, user_.project, request_.k8s_namespace, workspace_);
    workspace_.capabilities = std::move(capabilities_.by_name);
    workspace_.catalogue = std::move(catalogue_.components);
    return std::move(workspace_);
  }

private:
  [[nodiscard]] bool read_flavour_file() {
    std::string path;
    if (!request_.flavour.empty()) {
      const auto found = find_named_file(flavour_files(), request_.flavour, request_.root, files_, {}, diagnostics_);
      if (!found) return false;
      path = *found;
    }
    const FlavourContext context{
        .root = request_.root, .user_project = user_.project, .files = files_, .environment = environment_};
    auto flavour = read_flavour(path, context, diagnostics_);
    if (!flavour) return false;
    flavour_ = std::move(*flavour);
    workspace_.flavour_file = path;
    take_namespace_flag();
    return true;
  }

  void take_namespace_flag() {
    if (request_.k8s_namespace.empty()) return;
    flavour_.project.k8s_namespace = request_.k8s_namespace;
    const std::string problem = domain::dns_label_problem(request_.k8s_namespace);
    if (!problem.empty())
      diagnostics_.error("DM209", {},
                         fmt::format("the namespace cannot be \"{}\": {}", request_.k8s_namespace, problem),
                         fmt::format("write for example -n {}", domain::to_dns_label(request_.k8s_namespace)));
  }

  void resolve_target() {
    if (!request_.location && !request_.everything) return;
    const support::Node* named = flavour_.project_node.find("k8s_default_config");
    const TargetChoice choice{.flavour_file = flavour_.file,
                              .flavour_blocks = flavour_.locations,
                              .target = request_.target,
                              .default_target = flavour_.project.k8s_default_config,
                              .default_at = named == nullptr ? support::SourceRef{} : named->at};
    const bool only_flags = request_.location == Location::hybrid && !request_.kubeconfig.empty() &&
                            choice.target.empty() && flavour_.locations.empty();
    auto blocks = only_flags ? std::optional(TargetBlocks{.rule = "--kubeconfig"})
                             : choose_target(choice, request_.root, files_, diagnostics_);
    if (!blocks) return;
    workspace_.values.merge(blocks->values);
    if (request_.location)
      take_location(*request_.location, *blocks);
    else
      check_locations(*blocks);
  }

  void take_location(Location location, const TargetBlocks& target) {
    const auto block = target.blocks.find(location);
    const bool by_flag = location == Location::hybrid && !request_.kubeconfig.empty();
    if (block == target.blocks.end() && !by_flag) {
      report_undefined(location, target);
      return;
    }
    const KubeFlags flags{.kubeconfig = request_.kubeconfig, .context = request_.kube_context};
    const support::Node nothing;
    workspace_.target = read_target(location, block == target.blocks.end() ? nothing : block->second, flags, files_,
                                    environment_, diagnostics_);
    workspace_.target->rule = block == target.blocks.end() ? "--kubeconfig" : target.rule;
  }

  void report_undefined(Location location, const TargetBlocks& target) {
    const auto name = domain::to_name(location);
    const std::string_view example = location == Location::local    ? "local: {provider: auto}"
                                     : location == Location::remote ? "remote: {provider: eks}"
                                                                    : "hybrid: {config: ~/.kube/config}";
    const std::string where = support::join(target.looked_in, " and ");
    diagnostics_.error("DM211", {}, fmt::format("the target does not define \"{}\"; looked in {}", name, where),
                       fmt::format("write \"{}\" there, or give another target with -t; {}", example,
                                   available_text(target_files(), request_.root, files_)));
  }

  /// For `validate`: the shape of every block. Whether a kubeconfig exists matters only to who asks for hybrid.
  void check_locations(const TargetBlocks& target) {
    for (const auto& [location, block] : target.blocks) {
      if (location != Location::hybrid) (void)read_target(location, block, {}, files_, environment_, diagnostics_);
    }
  }

  void resolve_requested() {
    constexpr std::string_view kFolder = "components/";
    for (std::string name : request_.components) {
      while (name.size() > 1 && name.back() == '/')
        name.pop_back();
      if (name.compare(0, kFolder.size(), kFolder) == 0) name = base_name(name);
      const auto present = present_name(catalogue_, name, {}, WhereUnavailable::refuse, diagnostics_);
      if (present) workspace_.requested.push_back({.name = *present});
    }
  }

  void read_configs() {
    const FilePlaces places{.first = !flavour_.project.config_folder.empty() ? flavour_.project.config_folder
                                     : flavour_.file.empty()                 ? std::string()
                                                                             : join_path(".", folder_of(flavour_.file)),
                            .root = request_.root};
    const auto& used = reached();
    const auto names = request_.everything ? catalogue_.names() : std::vector<std::string>(used.begin(), used.end());
    auto parts = support::side_by_side(names.size(), kWorthThreads, [&](std::size_t first, std::size_t last) {
      std::vector<ReadConfig> configs;
      for (std::size_t i = first; i < last; ++i)
        configs.push_back(read_config(names[i], places));
      return configs;
    });
    for (auto& part : parts) {
      for (auto& read : part)
        take_config(std::move(read), used);
    }
  }

  const std::set<std::string>& reached() {
    if (!reached_) reached_ = reachable(flavour_, workspace_.requested, catalogue_, capabilities_);
    return *reached_;
  }

  bool needs_images() {
    if (request_.images || request_.everything) return true;
    const auto& used = reached();
    return std::any_of(used.begin(), used.end(),
                       [&](const auto& name) { return !catalogue_.components.at(name).images.empty(); });
  }

  struct ReadConfig {
    std::string name{};
    domain::ComponentConfig config{};
    Diagnostics found{};
  };

  [[nodiscard]] ReadConfig read_config(const std::string& name, const FilePlaces& places) const {
    const domain::Component& component = catalogue_.components.at(name);
    ReadConfig read{.name = name};
    read_settings(component, flavour_, files_, read.config, read.found);
    read_component_files(component, places, files_, read.config, read.found);
    return read;
  }

  void take_config(ReadConfig read, const std::set<std::string>& used) {
    for (auto& diagnostic : read.found.items()) {
      // `validate` reads components that nothing uses: only a user can give their required settings.
      if (used.count(read.name) > 0 || diagnostic.code != "DM222") diagnostics_.add(std::move(diagnostic));
    }
    workspace_.configs.insert_or_assign(std::move(read.name), std::move(read.config));
  }

  const LoadRequest& request_;
  const FileSource& files_;
  const Environment& environment_;
  Diagnostics& diagnostics_;
  UserFile user_{};
  Flavour flavour_{};
  Capabilities capabilities_{};
  Catalogue catalogue_{};
  std::optional<std::set<std::string>> reached_{};
  Workspace workspace_{};
};

}  // namespace

std::optional<Workspace> load_workspace(const LoadRequest& request, const FileSource& files,
                                        const Environment& environment, Diagnostics& diagnostics) {
  Diagnostics found;
  Workspace workspace = Loader(request, files, environment, found).load();
  const bool failed = found.has_errors();
  diagnostics.take(std::move(found));
  if (failed) return std::nullopt;
  return workspace;
}

}  // namespace datamill::config

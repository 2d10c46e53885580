#pragma once

#include "datamill/domain/component.hpp"
#include "datamill/domain/image.hpp"
#include "datamill/domain/sourced.hpp"
#include "datamill/domain/target.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::domain {

/// A component's name as a flavour lists it.
struct ListedComponent {
  std::string name{};
  SourceRef at{};
};

/// `project:` of a flavour, typed, defaults applied.
struct Project {
  std::string name{};  ///< default: the flavour file's stem as a DNS label
  std::string k8s_namespace = "data-mill";
  int proxy_port = 8088;
  /// Present names, no repetitions; with `flavour: all` every component that is neither optional nor retired.
  std::vector<ListedComponent> flavour{};
  bool all_components = false;                     ///< `flavour: all`
  std::map<std::string, std::string> providers{};  ///< capability -> component
  std::string k8s_default_config = "default.yaml";
  std::string component_default_config = "config.yaml";
  std::string data_folder = "data";  ///< absolute or relative to the working directory, resolved
  std::string config_folder{};       ///< resolved; "" if not given
  SourceRef at{};
};

/// A capability and what every provider of it must say (data/capabilities.yaml).
struct Capability {
  std::string name{};
  std::string summary{};
  std::vector<std::string> outputs{};  ///< "endpoint", "secret.name", "secret.access_key", ...
};

/// A service outside the cluster that takes the place of a component (`services:` of a flavour).
struct OutsideService {
  std::string capability{};
  Node outputs{};
  SourceRef at{};
};

/// A values or manifest file after fallback rule 3.
struct ResolvedFile {
  std::string path{};
  std::string content{};
  /// For manifests: the documents in it. Empty for values files.
  std::vector<Node> documents{};
  SourceRef named_at{};  ///< where the component names it
};

/// A component of the catalogue with its effective settings and files; what the planner works on.
struct ComponentConfig {
  /// Effective value of every declared setting, by name.
  std::map<std::string, SourcedNode> settings{};
  /// Which of the three places of fallback rule 2 won, for `config explain`.
  Origin settings_origin{};
  /// By the file's name as the component writes it, after references in the name were resolved.
  std::map<std::string, ResolvedFile> files{};
  /// Where the seed of a bucket is, by what the component writes; only those that are not empty.
  std::map<std::string, std::string> seeds{};
  /// sha256 over all files of a local chart (`chart.path`), by path.
  std::map<std::string, std::string> chart_digests{};
  /// simulate.yaml's documents: kwok stages for this component's custom resources; empty if there is none.
  std::vector<Node> simulate{};
};

/// `$XDG_CONFIG_HOME/datamill/config.yaml`.
struct UserConfig {
  /// Repository or OCI prefix -> URL or folder; the key "" stands for every repository.
  std::map<std::string, std::string> chart_mirrors{};
  std::map<std::string, SourcedNode> values{};  ///< everything else it sets, by dotted key
};

/// The whole configuration of a run after all fallbacks, every value with its source. Pure data.
struct Workspace {
  std::string root{};          ///< data root: components/, flavours/, k8s-targets/, charts/
  std::string flavour_file{};  ///< "" where a command runs without a flavour
  Project project{};
  /// The components that -c names, under their present names: aliases and retired names are already followed.
  std::vector<ListedComponent> requested{};
  std::optional<Target> target{};  ///< nullopt where no location was asked for
  std::map<std::string, Component> catalogue{};
  std::map<std::string, ComponentConfig> configs{};  ///< for every component that may be used in this run
  std::map<std::string, Capability> capabilities{};
  std::vector<OutsideService> services{};
  /// Read where a component of the run needs an image of ours, or where the command is about images.
  ImageGraph images{};
  /// Where images of ours are pushed to and pulled from: "ghcr.io/acme"; "" if they only live on this machine.
  std::string image_registry{};
  UserConfig user{};
  /// Every value that `config show|explain` can print, by dotted key ("project.k8s_namespace", "mlflow.release").
  std::map<std::string, SourcedNode> values{};
};

}  // namespace datamill::domain

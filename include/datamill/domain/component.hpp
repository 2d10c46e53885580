#pragma once

#include "datamill/domain/component_parts.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::domain {

/// A database wanted from the provider of postgres.
struct DatabaseNeed {
  Template name{};
  Template owner_secret{};  ///< Secret (basic-auth) with username and password, one of the component's own
  SourceRef at{};
};

/// A bucket wanted from the provider of s3, and a file or folder whose content it gets where pods run.
struct BucketNeed {
  Template name{};
  Template seed{};  ///< relative to the data root; empty, also after its references are replaced: nothing
  SourceRef at{};
};

/// How people's own work gets into a server of ours: a pod in which a client program can be started without a password,
/// and the login that programs in the cluster use.
struct ClientSpec {
  std::string capability{};  ///< one that the component provides
  Template pods{};           ///< label selector
  Template container{};
  std::vector<std::string> command{};  ///< the client program with what it always needs
  Template database{};                 ///< the one to work in where none is named
  Template secret{};                   ///< Secret of its login in the component's namespace; empty: there is none
  std::string username_key{};
  std::string password_key{};
  SourceRef at{};
};

/// An image of ours: `${image.<role>.repository}`, `.tag` and `.reference` in the component's files.
struct ImageNeed {
  std::string role{};  ///< the image's own name where the component gives no other
  Template name{};
  SourceRef at{};
};

/// Where the component's user interface is, and which of its Secrets lets one in.
struct OpenSpec {
  Template service{};
  int port = 80;
  std::string path = "/";
  Template secret{};                       ///< one of the component's own; empty: nobody is asked to log in
  std::vector<std::string> secret_keys{};  ///< the keys of it that one needs, never empty where `secret` is not
};

/// Resources for plans without a render.
struct Requests {
  std::string cpu{};
  std::string memory{};
};

/// `components/<name>/component.yaml`: data, not code. A retired component has only replaced_by and reason.
struct Component {
  std::string name{};
  std::string directory{};  ///< path of components/<name>
  SourceRef at{};
  std::string summary{};
  std::string category{};
  int tier = 1;
  bool optional = false;
  std::string replaced_by{};
  std::string reason{};
  std::vector<SettingSpec> settings{};
  std::vector<Provision> provides{};
  std::vector<std::string> default_for{};  ///< capabilities it provides when nobody chose
  std::vector<Need> needs{};
  std::vector<Need> uses{};
  std::vector<Need> after{};
  std::vector<Need> conflicts{};
  std::vector<std::string> aliases{};
  Template namespace_{};  ///< empty: ${project.k8s_namespace}
  bool cluster_scope = false;
  std::vector<SecretSpec> secrets{};
  std::vector<BucketNeed> buckets{};
  std::vector<DatabaseNeed> databases{};
  std::vector<ManifestSet> per_bucket{};    ///< of a provider of s3: applied once per bucket of each consumer
  std::vector<ManifestSet> per_database{};  ///< of a provider of postgres, likewise
  std::vector<ClientSpec> clients{};
  std::vector<Release> releases{};
  std::vector<ManifestSet> manifests{};
  std::vector<ImageNeed> images{};
  std::vector<std::string> crds{};
  std::string placement = "stable";
  std::chrono::seconds estimate{60};
  Requests requests{};
  std::optional<OpenSpec> open{};
  Template notes{};

  [[nodiscard]] bool retired() const {
    return !replaced_by.empty() || (!reason.empty() && releases.empty() && manifests.empty());
  }
};

}  // namespace datamill::domain

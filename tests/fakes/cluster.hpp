#pragma once

#include "datamill/support/node.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::fake {

/// One object of the pretended cluster.
struct Object {
  std::string kind{};
  std::string ns{};
  std::string name{};
  support::Node body{};
  [[nodiscard]] std::string label(std::string_view key) const;
  [[nodiscard]] std::string annotation(std::string_view key) const;
  void set_metadata(const std::string& key, support::Node value);
};

/// A pretended cluster: a folder with one JSON file per object. Which one is meant is said by the kubeconfig's path.
class Cluster {
public:
  Cluster(const std::string& state, const std::string& kubeconfig);

  [[nodiscard]] bool exists() const;
  [[nodiscard]] bool running() const;
  /// Makes it with what every cluster has: namespaces, a StorageClass; `nodes` real nodes.
  void create(int nodes);
  void set_running(bool running);
  void erase();

  void put(Object object);
  /// nullopt where there is none; the kind's case does not matter.
  [[nodiscard]] std::optional<Object> find(std::string_view kind, const std::string& ns, const std::string& name) const;
  void remove(const Object& object);
  /// By kind ("" = all) and namespace ("" = all), sorted by kind, namespace and name.
  [[nodiscard]] std::vector<Object> list(std::string_view kind = {}, const std::string& ns = {}) const;
  void add_simulated_nodes(int count);

private:
  [[nodiscard]] std::string path_of(std::string_view kind, const std::string& ns, const std::string& name) const;
  std::string folder_{};
};

/// An object with name, namespace, labels and annotations.
struct Labels {
  std::vector<std::pair<std::string, std::string>> labels{};
  std::vector<std::pair<std::string, std::string>> annotations{};
};
[[nodiscard]] Object make_object(std::string_view api_version, std::string_view kind, const std::string& ns,
                                 const std::string& name, const Labels& labels = {});

/// Whether objects of this kind stand outside of namespaces.
[[nodiscard]] bool is_cluster_scoped(std::string_view kind);

}  // namespace datamill::fake

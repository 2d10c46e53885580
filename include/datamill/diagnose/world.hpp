#pragma once

#include "datamill/support/node.hpp"

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::diagnose {

/// Which container's log, and which run of it.
struct LogKey {
  std::string ns{};
  std::string pod{};
  std::string container{};
  bool previous = false;
  friend auto operator<=>(const LogKey&, const LogKey&) = default;
};

/// What is known of a cluster's objects: the Kubernetes API's JSON as trees, by kind, namespace and name. Filled by one
/// read (`kubectl get -o json`) or kept up to date by a watch; the rules that judge it do not know which.
class World {
public:
  struct Key {
    std::string ns{};  ///< "" for cluster-scoped objects
    std::string name{};
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  using Objects = std::map<Key, support::Node>;

  /// Adds or replaces an object by its own kind and metadata; one without a name is left out.
  void put(support::Node object);
  /// Adds all items of a List; an item without `kind` takes the list's ("PodList" -> Pod).
  void put_list(support::Node list);
  void remove(std::string_view kind, const Key& key);
  /// Forgets all of a kind: before a watch lists it anew.
  void clear(std::string_view kind);

  [[nodiscard]] const Objects& of(std::string_view kind) const;
  [[nodiscard]] const support::Node* find(std::string_view kind, const Key& key) const;
  /// Whether the kind was read at all: without that, an absent object proves nothing.
  [[nodiscard]] bool knows(std::string_view kind) const;
  /// Says that a kind was read, even where it has no objects.
  void mark_known(std::string_view kind);

  void put_log(const LogKey& key, std::vector<std::string> lines);
  /// nullptr where the log was not read.
  [[nodiscard]] const std::vector<std::string>* log(const LogKey& key) const;

private:
  std::map<std::string, Objects, std::less<>> kinds_{};
  std::map<LogKey, std::vector<std::string>> logs_{};
};

}  // namespace datamill::diagnose

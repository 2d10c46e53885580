#include "datamill/domain/ownership.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace datamill::domain {

namespace {

using Keys = std::unordered_set<std::string>;

std::string key_of(std::string_view ns, std::string_view rest) {
  return fmt::format("{}\n{}", ns, rest);
}

/// Operators label their pods with the custom resource's name; Kubernetes' own kinds do not.
bool is_custom(const ObjectRef& object) {
  return support::contains(object.api_version, ".") && !support::contains(object.api_version, ".k8s.io/");
}

/// Holdings as sets to look up: an object's namespace or "" before what it is.
struct Index {
  Keys releases{};
  Keys objects{};  ///< "Kind/name"
  Keys custom{};   ///< names of custom resources

  explicit Index(const Holdings& holdings) {
    for (const auto& release : holdings.releases)
      releases.insert(key_of(release.ns, release.name));
    for (const auto& object : holdings.objects) {
      objects.insert(key_of(object.ns, fmt::format("{}/{}", object.kind, object.name)));
      if (is_custom(object)) custom.insert(key_of(object.ns, object.name));
    }
  }
};

/// A record without a namespace means any.
bool has(const Keys& keys, const std::string& ns, const std::string& rest) {
  return keys.contains(key_of(ns, rest)) || (!ns.empty() && keys.contains(key_of("", rest)));
}

bool belongs_by_itself(const OwnershipMarks& marks, const Index& index) {
  const auto& ns = marks.object.ns;
  if (!marks.release.empty())
    return index.releases.contains(key_of(marks.release_ns.empty() ? ns : marks.release_ns, marks.release));
  const auto labelled = [&](const std::string& label) {
    return index.releases.contains(key_of(ns, label)) || has(index.custom, ns, label);
  };
  return has(index.objects, ns, fmt::format("{}/{}", marks.object.kind, marks.object.name)) ||
         std::any_of(marks.owners.begin(), marks.owners.end(),
                     [&](const std::string& owner) { return has(index.objects, ns, owner); }) ||
         std::any_of(marks.labels.begin(), marks.labels.end(), labelled);
}

}  // namespace

std::vector<bool> belonging(const std::vector<OwnershipMarks>& objects, const Holdings& holdings) {
  const Index index(holdings);
  std::vector<bool> belongs(objects.size(), false);
  Keys known;
  const auto take = [&](std::size_t i) {
    belongs[i] = true;
    const auto& object = objects[i].object;
    known.insert(key_of(object.ns, fmt::format("{}/{}", object.kind, object.name)));
  };
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (belongs_by_itself(objects[i], index)) take(i);
  }
  // Down the owner references: Deployment, ReplicaSet, Pod; CronJob, Job, Pod.
  for (bool found = true; found;) {
    found = false;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const auto& [object, release, release_ns, labels, owners] = objects[i];
      const auto is_known = [&ns = object.ns, &known](const std::string& owner) {
        return known.contains(key_of(ns, owner));
      };
      if (belongs[i] || !std::any_of(owners.begin(), owners.end(), is_known)) continue;
      take(i);
      found = true;
    }
  }
  return belongs;
}

}  // namespace datamill::domain

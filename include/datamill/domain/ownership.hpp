#pragma once

#include "datamill/domain/snapshot.hpp"

#include <string>
#include <vector>

namespace datamill::domain {

/// A helm release by its place.
struct ReleaseRef {
  std::string ns{};
  std::string name{};
  friend bool operator==(const ReleaseRef&, const ReleaseRef&) = default;
};

/// What is known to belong to a component: its releases and what its record names.
struct Holdings {
  std::vector<ReleaseRef> releases{};
  std::vector<ObjectRef> objects{};  ///< ns "" where the record does not say it
};

/// What an object's metadata says of whose it is.
struct OwnershipMarks {
  ObjectRef object{};
  std::string release{};              ///< annotation meta.helm.sh/release-name
  std::string release_ns{};           ///< annotation meta.helm.sh/release-namespace; "": the object's own namespace
  std::vector<std::string> labels{};  ///< values of app.kubernetes.io/instance and `release`
  std::vector<std::string> owners{};  ///< owner references as "Kind/name"
};

/// For each object whether it belongs: by helm's annotation, the record, owner references up to one of these, or the
/// labels that say which release or custom resource made it.
[[nodiscard]] std::vector<bool> belonging(const std::vector<OwnershipMarks>& objects, const Holdings& holdings);

}  // namespace datamill::domain

#pragma once

#include "planner/desired.hpp"

#include <string>

namespace datamill::planner {

/// Which object a document of a manifest is. A PersistentVolumeClaim always holds data; kinds outside of namespaces get
/// none.
[[nodiscard]] domain::ObjectRef object_ref(const support::Node& document, const std::string& default_ns);

/// A symbolic text whose secrets go in as they are, for values of Secrets.
[[nodiscard]] command::SymbolicText raw_symbolic(const std::string& text);

/// What a bucket is filled with; nullopt where that is nothing, or pods do not run.
[[nodiscard]] std::optional<DesiredSeed> seed_of(const domain::BucketNeed& need, const std::string& bucket,
                                                 const domain::Component& component, const Context& context);

/// Of everything of a component but its releases. Symbols count by their names, so that it does not depend on a
/// secret's value.
[[nodiscard]] std::string rest_digest(const DesiredComponent& desired);

}  // namespace datamill::planner

#pragma once

#include "planner/desired.hpp"

#include <string>

namespace datamill::planner {

/// Which object a document of a manifest is. A PersistentVolumeClaim always holds data; kinds outside of namespaces get
/// none.
[[nodiscard]] domain::ObjectRef object_ref(const support::Node& document, const std::string& default_ns);

/// Of everything of a component but its releases. Symbols count by their names, so that it does not depend on a
/// secret's value.
[[nodiscard]] std::string rest_digest(const DesiredComponent& desired);

}  // namespace datamill::planner

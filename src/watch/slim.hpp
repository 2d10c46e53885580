#pragma once

#include "datamill/support/node.hpp"

#include <set>
#include <string>

namespace datamill::watch {

/// Whether an object is worth keeping for a run in these namespaces (none: all), and makes it smaller. Of other
/// namespaces only pods on nodes count, and of these only what they take from their node.
[[nodiscard]] bool keep_object(support::Node& object, const std::set<std::string>& namespaces);

}  // namespace datamill::watch

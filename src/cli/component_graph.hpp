#pragma once

#include "cli/session.hpp"

namespace datamill::cli {

/// Prints the graph of the components that an installation would have, as -o says. It is made of the files alone: the
/// cluster is not asked, so what is there already is not told.
/// @throws Failure exit 2 where the configuration is wrong
void print_component_graph(const Session& session);

}  // namespace datamill::cli

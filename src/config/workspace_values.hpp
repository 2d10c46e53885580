#pragma once

#include "config/flavour_reader.hpp"
#include "datamill/domain/workspace.hpp"

#include <string>

namespace datamill::config {

/// Adds `project.*`, `services.*`, the user file's flags and every component's settings to Workspace::values, each with
/// its origin. `namespace_flag` is -n, `user_project` the user file's defaults.
void add_values(const Flavour& flavour, const support::Node& user_project, const std::string& namespace_flag,
                domain::Workspace& workspace);

}  // namespace datamill::config

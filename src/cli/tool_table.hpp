#pragma once

#include "cli/app.hpp"
#include "datamill/toolbox/toolbox.hpp"

#include <vector>

namespace datamill::cli {

/// Tools with version, origin and path, or what is wrong with them; as table or JSON.
void print_tools(const App& app, const std::vector<toolbox::ToolStatus>& statuses);

}  // namespace datamill::cli

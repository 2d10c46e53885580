#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/selection.hpp"
#include "datamill/support/diagnostic.hpp"

#include <string>
#include <vector>

namespace datamill::planner {

/// What one wants to know of a component once it is installed.
struct ComponentSummary {
  std::string name{};
  std::string ns{};
  std::string reason{};
  std::string service{};  ///< to open in a browser; "" if there is nothing to open
  int port = 0;
  std::string path{};
  std::string login_secret{};  ///< Secret in `ns` that lets one in there; "" where nobody is asked to log in
  std::vector<std::string> login_keys{};
  std::vector<std::string> credentials{};  ///< "Secret data-mill/x (username, password)"; never a value
  std::string notes{};
};

/// In the order of installation; empty where the selection has errors (they are reported elsewhere).
[[nodiscard]] std::vector<ComponentSummary> summarize(const Context& context, const SelectionRequest& request);

}  // namespace datamill::planner

#pragma once

#include "datamill/support/node.hpp"
#include "datamill/support/source_ref.hpp"

#include <string>
#include <vector>

namespace datamill::domain {

/// One value of the configuration with where it came from; `losers` are the places that also gave it and lost.
struct Origin {
  support::SourceRef at{};
  std::string rule{};  ///< "flavour block", "components/x/ds.yaml", "default of component.yaml", ...
};

struct SourcedNode {
  support::Node value{};
  Origin origin{};
  std::vector<Origin> losers{};
};

}  // namespace datamill::domain

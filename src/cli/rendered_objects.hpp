#pragma once

#include "datamill/support/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// Objects of a rendering.
struct RenderedObjects {
  std::vector<support::Node> objects{};  ///< lists are taken apart
  int unreadable = 0;                    ///< documents that are no YAML
};

/// Reads what helm prints, or documents of ours: YAML, or JSON on one line each. Plain scalars become what helm and
/// kubectl make of them: YAML 1.1's "yes" is true and 0644 is octal.
[[nodiscard]] RenderedObjects read_objects_of(std::string_view text);

}  // namespace datamill::cli

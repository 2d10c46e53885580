#pragma once

#include "datamill/support/environment.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// Whether the environment names a proxy that Go's programs (kubectl, helm, the parts of a cluster) take, an API
/// server's address included.
[[nodiscard]] bool names_proxy(const support::Environment& environment);
/// NO_PROXY, or its other spelling.
[[nodiscard]] std::string no_proxy_of(const support::Environment& environment);
/// The same, and these networks ("10.89.0.0/24"); what is named already is not named again.
[[nodiscard]] std::string no_proxy_with(const support::Environment& environment,
                                        const std::vector<std::string>& networks);

}  // namespace datamill::cli

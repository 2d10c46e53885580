#pragma once

#include "cli/session.hpp"

#include <string_view>

namespace datamill::cli {

/// Clusters that datamill did not make are neither stopped nor destroyed. @throws Failure exit 2, DM567
void refuse_foreign(Session& session, std::string_view verb);

}  // namespace datamill::cli

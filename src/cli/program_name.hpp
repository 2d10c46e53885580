#pragma once

#include "datamill/support/environment.hpp"

#include <string>

namespace datamill::cli {

/// What to type to start this program again: "datamill" where PATH leads to it, else its path, relative where it lies
/// below the working directory. `executable` and `working_directory` are absolute; "" where unknown.
[[nodiscard]] std::string program_name(const std::string& executable, const std::string& working_directory,
                                       const support::Environment& environment);

}  // namespace datamill::cli

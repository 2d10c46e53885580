#pragma once

#include "datamill/plan/step.hpp"

#include <string>

namespace datamill::plan {

/// "24 random letters and digits", "32 random bytes as hex".
[[nodiscard]] std::string describe(const domain::RandomValue& random);
/// "ns/name.key"
[[nodiscard]] std::string describe(const command::SecretRef& ref);
/// "alnum", "hex" or "base64"
[[nodiscard]] std::string_view alphabet_name(domain::RandomValue::Alphabet alphabet);

}  // namespace datamill::plan

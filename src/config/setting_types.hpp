#pragma once

#include "datamill/domain/component.hpp"
#include "datamill/support/diagnostic.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace datamill::config {

[[nodiscard]] std::optional<domain::SettingType> setting_type_of(std::string_view name);
/// The types of settings by name, for messages.
[[nodiscard]] std::string setting_type_names();

/// What is wrong with `value` for a setting of `type`: "must be a whole number"; "" if nothing.
[[nodiscard]] std::string setting_problem(domain::SettingType type, const support::Node& value);

}  // namespace datamill::config

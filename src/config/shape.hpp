#pragma once

#include "datamill/domain/component.hpp"
#include "datamill/support/map_reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::config {

/// The text at `key` with its place; empty where absent.
[[nodiscard]] domain::Template read_template(support::MapReader& reader, std::string_view key);
/// The texts of a list at `key`, each with its place; one text counts as a list of one.
[[nodiscard]] std::vector<domain::Template> read_templates(support::MapReader& reader, std::string_view key);

/// `when:` of `reader`'s map. DM136 where it is not one of fact, setting, capability, or an unknown fact.
[[nodiscard]] std::optional<domain::Condition> read_condition(support::MapReader& reader);

/// "1.5Gi", "500m", "2": a Kubernetes quantity that is not negative.
[[nodiscard]] bool is_quantity(std::string_view text);

}  // namespace datamill::config

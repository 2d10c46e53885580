#pragma once

#include "datamill/domain/component.hpp"
#include "datamill/support/map_reader.hpp"

#include <string>
#include <vector>

namespace datamill::config {

/// Reads component.yaml of the component `name`, strictly. What needs other files (do needs exist?) is checked by
/// check_catalogue().
///
/// Codes: DM12x; DM131 bad name, DM132 setting, DM133 and DM134 chart, DM135 manifest, DM136 condition, DM137 secret,
/// DM138 wait, DM139 the same thing twice
[[nodiscard]] domain::Component read_component(const support::Node& root, const std::string& name,
                                               const std::string& directory, support::Diagnostics& diagnostics);

/// Parts of a component, for read_component(); `component` in messages is "component \"x\"".
[[nodiscard]] std::vector<domain::SettingSpec> read_setting_specs(support::MapReader& component);
[[nodiscard]] std::vector<domain::SecretSpec> read_secrets(support::MapReader& component);
[[nodiscard]] std::vector<domain::Release> read_releases(support::MapReader& component);
[[nodiscard]] std::vector<domain::BucketNeed> read_buckets(support::MapReader& component);
[[nodiscard]] std::vector<domain::DatabaseNeed> read_databases(support::MapReader& component);
[[nodiscard]] std::vector<domain::ClientSpec> read_clients(support::MapReader& component,
                                                           const std::vector<domain::Provision>& provides);
[[nodiscard]] std::vector<domain::ManifestSet> read_manifests(support::MapReader& owner);

/// Names a component cannot have, because they mean something else at the top of a flavour.
[[nodiscard]] bool is_reserved_name(const std::string& name);
/// Those of them that later versions will read.
[[nodiscard]] bool is_reserved_for_later(const std::string& name);

}  // namespace datamill::config

#pragma once

#include "datamill/domain/snapshot.hpp"
#include "datamill/support/node.hpp"

#include <string>
#include <string_view>

namespace datamill::inventory {

/// Name of the ConfigMap that records a component: "datamill.<component>".
[[nodiscard]] std::string record_name(std::string_view component);

/// The entry as data.
[[nodiscard]] support::Node to_node(const domain::InventoryEntry& entry);
/// Reads what to_node wrote; unknown keys of newer versions are ignored.
/// @throws Failure DM550 where the text is not ours
[[nodiscard]] domain::InventoryEntry from_json(std::string_view json);

/// The labelled ConfigMap around it; `component.json` on one line is its only key, so that a go-template can print it.
/// Labels: app.kubernetes.io/managed-by=datamill, datamill.io/component=NAME.
[[nodiscard]] support::Node config_map(const domain::InventoryEntry& entry);

}  // namespace datamill::inventory

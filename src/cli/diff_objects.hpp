#pragma once

#include "datamill/domain/snapshot.hpp"
#include "datamill/planner/rendering.hpp"
#include "datamill/support/node.hpp"

#include <map>
#include <string>
#include <string_view>

namespace datamill::cli {

/// What the cluster knows of kinds: "apps/v1 Deployment" -> whether they stand in namespaces.
using Kinds = std::map<std::string, bool>;
/// From the output of tools::api_resources.
[[nodiscard]] Kinds parse_kinds(std::string_view output);

/// Which object this is; one of a kind in namespaces that names none goes to `default_ns`.
[[nodiscard]] domain::ObjectRef ref_of(const support::Node& object, const std::string& default_ns, const Kinds& kinds);
/// "Service data-mill/lake".
[[nodiscard]] std::string display_name(const domain::ObjectRef& object);
/// kubectl's name of an object's file in a diff: "apps.v1.Deployment.data-mill.lake", "v1.Service.data-mill.lake".
[[nodiscard]] std::string file_of(const domain::ObjectRef& object);
/// nullptr where there is none.
[[nodiscard]] const support::Node* annotation(const support::Node& object, std::string_view name);

/// With the labels and annotations that helm adds to whatever it applies (helm docs: ownership metadata).
[[nodiscard]] support::Node as_helm_applies(support::Node object, const planner::ReleaseRendering& release);

}  // namespace datamill::cli

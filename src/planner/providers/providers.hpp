#pragma once

#include "datamill/planner/provider.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

// One function a file of this folder; the table in providers.cpp lists them.
[[nodiscard]] Provider kwok_provider();
[[nodiscard]] Provider embedded_provider();
[[nodiscard]] Provider minikube_provider();
[[nodiscard]] Provider existing_provider();

/// File of the provider's folder that says the cluster is whole: Provider::made_marker of those that we make.
constexpr std::string_view kMadeMarker = "made.txt";

/// kubectl on the cluster that the context is about.
[[nodiscard]] command::Command kubectl(const Context& context, std::vector<std::string> args);

/// Appends a step of the cluster's own that runs a command.
void add_step(plan::Plan& plan, std::string title, command::Command command, std::chrono::seconds timeout,
              plan::Retry retry = {}, plan::Effect effect = plan::Effect::change);
/// The last step of making a cluster: until its file is there, an interrupted run starts anew.
void add_made_marker(const Context& context, std::string_view provider, plan::Plan& plan);
/// The last step of destroying one.
void add_folder_removal(const Context& context, plan::Plan& plan);

/// Reports keys of the target's block that neither all providers share nor this one owns (DM322, with suggestion).
void check_keys(const domain::Target& target, const std::vector<std::string>& own_keys,
                support::Diagnostics& diagnostics);

}  // namespace datamill::planner

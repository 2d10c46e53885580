#include "cli/node_facts.hpp"

#include "cli/node_service.hpp"
#include "datamill/node/obstacles.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using planner::ClusterState;

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

/// "10.89.0" of "10.89.0.0/24".
std::string prefix_of(std::string_view network, std::size_t numbers) {
  auto parts = support::split(network.substr(0, network.find('/')), '.');
  if (parts.size() < numbers) return {};
  parts.resize(numbers);
  return support::join(parts, ".");
}

/// Of a cluster that is made: its addresses are in its certificates.
planner::NodeFacts kept_facts(const std::string& folder, const domain::Target& target,
                              const support::FileSource& files) {
  planner::NodeFacts facts;
  const auto spec = support::read_json(files.read(folder + "/node.json", kMostBytes).text.value_or("{}"), "node.json");
  facts.prefix = prefix_of(spec.text_at("network"), 3);
  facts.services = prefix_of(spec.text_at("services"), 2);
  const auto count = files.read(folder + "/simulated-nodes", kMostBytes).text.value_or("0");
  facts.simulated_nodes = static_cast<int>(support::parse_integer(support::trim(count)).value_or(0));
  const auto* wanted = target.block.find("network_prefix");
  if (wanted != nullptr && wanted->scalar != facts.prefix) {
    support::Diagnostics diagnostics;
    diagnostics.error("DM618", wanted->at,
                      fmt::format("the cluster \"{}\" has the network {}, and now {} is asked for", target.cluster_name,
                                  facts.prefix, wanted->scalar),
                      "leave `network_prefix` as it was, or destroy the cluster first");
    throw support::Failure(support::ExitCode::usage, std::move(diagnostics));
  }
  return facts;
}

}  // namespace

planner::NodeFacts node_facts(const std::string& folder, ClusterState state, const domain::Target& target,
                              const support::FileSource& files) {
  if (state == ClusterState::stopped || state == ClusterState::running) {
    auto facts = kept_facts(folder, target, files);
    facts.unsupervised = state == ClusterState::running && !is_supervised(folder);
    return facts;
  }
  const auto routes = files.read("/proc/net/route", kMostBytes).text.value_or("");
  return {.prefix = node::free_pod_prefix(routes, planner::node_link(target.cluster_name)),
          .services = node::free_service_prefix(routes)};
}

}  // namespace datamill::cli

#include "datamill/support/map_reader.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"
#include "planner/providers/embedded_node.hpp"
#include "planner/providers/providers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::planner {

using namespace std::chrono_literals;
using command::Command;
using domain::Target;
using plan::Effect;
using plan::Plan;

namespace {

/// containerd reads it again for every pull. A node that was made with another one takes it up, or leaves it off.
void add_registry_mirror(const Context& context, const EmbeddedNode& node, Plan& plan) {
  const auto folder = node.folder + "/registry/_default";
  const auto& mirror = context.target.registry_mirror;
  if (!mirror.empty()) {
    add_file(plan, "Configure the registry mirror", folder + "/hosts.toml",
             fmt::format("[host.\"{}\"]\n  capabilities = [\"pull\", \"resolve\"]\n", mirror));
  } else if (context.cluster_state == ClusterState::stopped) {
    plan.add({.title = "Ask registries without a mirror", .action = plan::RemovePath{.path = folder}, .timeout = 10s});
  }
}

void add_configuration(const Context& context, const EmbeddedNode& node, Plan& plan) {
  for (const auto* user : {"kubelet", "controller-manager", "scheduler", "kube-proxy", "service-addresses", "kwok"})
    add_file(plan, fmt::format("Write the kubeconfig of {}", user), node.pki(fmt::format("{}.kubeconfig", user)),
             node_kubeconfig(node, user));
  add_file(plan, "Write the kubeconfig", context.access.kubeconfig, node_kubeconfig(node, "admin"));
  add_file(plan, "Configure containerd", node.folder + "/containerd.toml", containerd_config(node));
  add_file(plan, "Configure the pods' network", node.folder + "/cni/10-datamill.conflist", cni_config(node));
  add_file(plan, "Configure kubelet", node.folder + "/kubelet.yaml", kubelet_config(node));
  add_file(plan, "Write the Service of DNS", node.folder + "/dns.yaml", dns_service(node));
  add_file(plan, "Configure kube-proxy", node.folder + "/kube-proxy.yaml", kube_proxy_config(node));
  add_registry_mirror(context, node, plan);
}

/// The supervisor outlives this run: a session of its own, its outputs in its own log. Parts that run it takes over.
void add_supervisor(const EmbeddedNode& node, std::string title, Plan& plan) {
  add_step(plan, std::move(title),
           {.program = "/usr/bin/setsid", .args = {"--fork", node.tool("datamill"), "node", "run", node.spec_file()}},
           30s);
}

void add_node_start(const Context& context, const EmbeddedNode& node, Plan& plan) {
  add_supervisor(node, "Start the node", plan);
  add_step(plan, "Wait for the API server", kubectl(context, {"get", "--raw", "/readyz"}), 60s,
           {.attempts = 12, .first_delay = 500ms}, Effect::read);
  add_step(plan, "Wait for the node",
           kubectl(context, {"wait", "--for=condition=Ready", "node", node.name, "--timeout", "60s"}), 90s,
           {.attempts = 12, .first_delay = 500ms}, Effect::read);
}

/// By our own binary, which knows how this node puts layers on each other.
Command node_load(const EmbeddedNode& node, const std::string& archive) {
  return {.program = node.tool("datamill"),
          .args = {"node", "load", node.folder, node.tool("ctr"), node.socket(), archive}};
}

/// An image of the cluster's own, made of a static program and loaded without a registry.
void add_image(const EmbeddedNode& node, const std::string& reference, const std::string& entrypoint,
               const std::vector<std::string>& content, Plan& plan) {
  const auto file = fmt::format("{}/images/{}.tar", node.folder, reference.substr(0, reference.find(':')));
  Command make{.program = node.tool("datamill"),
               .args = {"node", "image", file, "datamill.local/" + reference, entrypoint}};
  make.args.insert(make.args.end(), content.begin(), content.end());
  add_step(plan, fmt::format("Make image {}", reference), std::move(make), 120s);
  add_step(plan, fmt::format("Load image {}", reference), node_load(node, file), 120s);
}

void add_images(const EmbeddedNode& node, Plan& plan) {
  std::vector<std::string> busybox{"bin/busybox=/bin/busybox"};
  for (const auto* applet :
       {"sh", "sleep", "mkdir", "rm", "cat", "ls", "echo", "chmod", "chown", "nslookup", "wget", "test"})
    busybox.push_back(fmt::format("bin/{}@busybox", applet));
  // Also what a pod's namespaces hang on: it ends at once when it is asked to.
  add_image(node, "busybox:1", R"(["/bin/sh","-c","trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"])",
            busybox, plan);
  add_image(node, "coredns:1.15.0", R"(["/coredns"])", {"coredns=" + node.tool("coredns")}, plan);
  add_image(node, "local-path-provisioner:0.0.30", R"(["/usr/bin/local-path-provisioner"])",
            {"usr/bin/local-path-provisioner=" + node.tool("local-path-provisioner")}, plan);
}

void add_addons(const Context& context, const EmbeddedNode& node, Plan& plan) {
  add_step(
      plan, "Apply DNS and volumes",
      kubectl(context, {"apply", "--server-side", fmt::format("--field-manager={}", tools::kFieldManager), "--filename",
                        context.places.root + "/data/embedded/addons.yaml", "--filename", node.folder + "/dns.yaml"}),
      60s, {.attempts = 6, .first_delay = 500ms});
  const auto config = fmt::format(
      R"({{"nodePathMap":[{{"node":"DEFAULT_PATH_FOR_NON_LISTED_NODES","paths":["{}/volumes"]}}]}})", node.folder);
  add_step(
      plan, "Say where volumes lie",
      kubectl(context,
              {"patch", "configmap", "local-path", "--namespace", "kube-system", "--type", "merge", "--patch",
               fmt::format(R"({{"data":{{"config.json":{}}}}})", support::write_json(support::Node::text(config)))}),
      30s);
  for (const auto* name : {"coredns", "local-path-provisioner"})
    add_step(plan, fmt::format("Wait for {}", name),
             kubectl(context, {"rollout", "status", fmt::format("deployment/{}", name), "--namespace", "kube-system",
                               "--timeout", "120s"}),
             130s, {.attempts = 2, .first_delay = 1s}, Effect::read);
}

/// What is refused before anything is changed but the file that says what is wanted.
void add_spec(const EmbeddedNode& node, Plan& plan) {
  add_file(plan, "Write what runs on the node", node.spec_file(), node_spec(node));
}

void add_check(const EmbeddedNode& node, Plan& plan) {
  add_step(plan, "Check that a node can run here",
           {.program = node.tool("datamill"), .args = {"node", "check", node.spec_file()}}, 30s, {}, Effect::read);
  plan.steps.back().may_refuse = true;
}

/// As many simulated nodes as the target wants; those beyond go. The note at the end makes an interrupted run repeat
/// it.
void add_simulated_nodes(const Context& context, const EmbeddedNode& node, Plan& plan) {
  constexpr std::string_view kLabel = "datamill.io/simulated-node";
  if (node.simulated_nodes == context.node.simulated_nodes) return;
  if (node.simulated_nodes > 0) {
    const auto file = node.folder + "/simulated-nodes.yaml";
    add_file(plan, "Write the simulated nodes", file, simulated_nodes(node));
    add_step(plan, "Apply the simulated nodes",
             kubectl(context, {"apply", "--server-side", fmt::format("--field-manager={}", tools::kFieldManager),
                               "--filename", file}),
             60s, {.attempts = 6, .first_delay = 500ms});
    add_step(plan, "Wait for the simulated nodes",
             kubectl(context,
                     {"wait", "--for=condition=Ready", "node", "--selector", std::string(kLabel), "--timeout", "60s"}),
             90s, {.attempts = 5, .first_delay = 500ms}, Effect::read);
  }
  std::vector<std::string> kept;
  for (int i = 0; i < node.simulated_nodes; ++i)
    kept.push_back(fmt::format("{}", i));
  auto beyond = std::string(kLabel);
  if (!kept.empty()) beyond += fmt::format(",{} notin ({})", kLabel, support::join(kept, ","));
  if (context.node.simulated_nodes > 0)
    add_step(plan, "Remove simulated nodes beyond that", kubectl(context, {"delete", "nodes", "--selector", beyond}),
             60s);
  add_file(plan, "Note how many there are", node.folder + "/simulated-nodes",
           fmt::format("{}\n", node.simulated_nodes));
}

void ensure(const Context& context, Plan& plan) {
  const EmbeddedNode node(context);
  if (context.cluster_state == ClusterState::stopped) {
    add_spec(node, plan);
    add_check(node, plan);
    add_registry_mirror(context, node, plan);
    add_node_start(context, node, plan);
    add_simulated_nodes(context, node, plan);
    return;
  }
  if (context.cluster_state == ClusterState::partial) {
    add_step(plan, "Remove what an interrupted run left",
             {.program = node.tool("datamill"), .args = {"node", "clean", node.spec_file()}}, 120s, {},
             Effect::destroy);
  }
  add_spec(node, plan);
  add_check(node, plan);
  add_packages(node, plan);
  add_certificates(node, plan);
  add_configuration(context, node, plan);
  add_node_start(context, node, plan);
  add_images(node, plan);
  add_addons(context, node, plan);
  add_simulated_nodes(context, node, plan);
  add_made_marker(context, "embedded", plan);
}

void refresh(const Context& context, Plan& plan) {
  const EmbeddedNode node(context);
  const bool other_parts = node.simulated_nodes != context.node.simulated_nodes;
  if (other_parts) add_spec(node, plan);
  if (other_parts || context.node.unsupervised)
    add_supervisor(node, other_parts ? "Change the node's parts" : "Watch the node's parts again", plan);
  add_simulated_nodes(context, node, plan);
}

void stop(const Context& context, Plan& plan) {
  const EmbeddedNode node(context);
  add_step(plan, "Stop the node", {.program = node.tool("datamill"), .args = {"node", "stop", node.spec_file()}}, 150s);
}

void destroy(const Context& context, Plan& plan) {
  const EmbeddedNode node(context);
  add_step(plan, "Stop the node and take its traces off the machine",
           {.program = node.tool("datamill"), .args = {"node", "clean", node.spec_file()}}, 200s, {}, Effect::destroy);
  add_folder_removal(context, plan);
}

/// "10.89.0": three numbers, and no network of another kind.
bool is_prefix(std::string_view text) {
  const auto parts = support::split(text, '.');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           const auto number = support::parse_integer(part);
           return number && *number <= 255;
         });
}

void check_target(const Target& target, support::Diagnostics& diagnostics) {
  constexpr int kMostSimulated = 1000;
  check_keys(target, {"network_prefix", "simulated_nodes"}, diagnostics);
  const auto* prefix = target.block.find("network_prefix");
  if (prefix != nullptr && !is_prefix(prefix->scalar)) {
    diagnostics.error("DM640", prefix->at, fmt::format("\"{}\" is no network prefix", prefix->scalar),
                      "write the first three numbers of a private network: 10.91.7");
  }
  const auto* nodes = target.block.find("simulated_nodes");
  if (nodes == nullptr) return;
  if (const auto count = support::parse_integer(nodes->scalar); !count || *count > kMostSimulated) {
    diagnostics.error("DM640", nodes->at, fmt::format("\"{}\" is no number of simulated nodes", nodes->scalar),
                      fmt::format("write a number from 0 to {}", kMostSimulated));
  }
}

}  // namespace

Provider embedded_provider() {
  return {.name = "embedded",
          .location = domain::Location::local,
          .summary = "one real node on this Linux machine, as root, for development: containers run",
          .check = [](const Target& target, support::Diagnostics& diagnostics) { check_target(target, diagnostics); },
          .facts = [](const Target&) { return domain::Facts{.load_balancer = true, .storage_class = "local-path"}; },
          .access =
              [](const Target&, const Places& places) {
                return domain::KubeAccess{.kubeconfig = places.cluster + "/kubeconfig", .context = "datamill"};
              },
          .tools =
              [](const Target& target) {
                std::vector<std::string> names{"etcd",
                                               "kube-apiserver",
                                               "kube-controller-manager",
                                               "kube-scheduler",
                                               "kubelet",
                                               "kube-proxy",
                                               "containerd",
                                               "ctr",
                                               "containerd-shim-runc-v2",
                                               "coredns",
                                               "local-path-provisioner"};
                if (wanted_simulated_nodes(target) > 0) names.emplace_back("kwok");
                return names;
              },
          .ensure = ensure,
          .refresh = refresh,
          .stop = stop,
          .destroy = destroy,
          .own_networks =
              [](const Context& context) {
                const EmbeddedNode node(context);
                return std::vector<std::string>{node.network(), node.services()};
              },
          .load_image =
              [](const Context& context, const std::string& archive) {
                const EmbeddedNode node(context);
                return node_load(node, archive);
              },
          .begun_marker = [](const Target&) { return std::string("node/node.json"); },
          .made_marker = kMadeMarker,
          .pid_folder = [](const Target&) { return std::string(); },
          .node_folder = "node",
          .needs_root = true,
          .remark = "a single-node development cluster; for more, use kind, k3s or EKS"};
}

}  // namespace datamill::planner

#include "cli/session.hpp"

#include "cli/cut_off.hpp"
#include "cli/kubeconfig.hpp"
#include "cli/orphans_of_run.hpp"
#include "cli/past_proxy.hpp"
#include "cli/stale_pids.hpp"
#include "datamill/config/load_workspace.hpp"
#include "datamill/net/downloader.hpp"
#include "datamill/node/obstacles.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/proc/find_tool.hpp"
#include "datamill/proc/make_runner.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kwokctl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include <unistd.h>

namespace datamill::cli {

using planner::ClusterState;
using support::Diagnostics;
using support::ExitCode;
using support::Failure;
using support::FileSource;

namespace {

/// Commands that start or build images of ours, whatever the flavour needs.
bool uses_images(std::string_view command) {
  return command == "images" || command == "debug" || command == "job";
}

}  // namespace

Session::Session(App& app, Use use, bool everything) : app_(app) {
  load(everything, use);
  if (use == Use::cluster) choose_provider();
}

Session::~Session() = default;

void Session::load(bool everything, Use use) {
  Diagnostics diagnostics;
  const auto& options = app_.options;
  const config::RootSearch search{
      .flag = options.root, .working_directory = app_.working_directory, .executable = app_.executable};
  if (const auto root = config::locate_root(search, app_.files, app_.environment, diagnostics)) {
    root_ = *root;
    config::LoadRequest request{.root = root_,
                                .flavour = options.flavour,
                                .target = options.target,
                                .components = options.components,
                                .user_file = app_.folders.user_file,
                                .k8s_namespace = options.k8s_namespace,
                                .kubeconfig = options.kubeconfig,
                                .kube_context = options.kube_context,
                                .everything = everything,
                                .images = uses_images(options.command)};
    if (use == Use::cluster) request.location = options.location.value_or(domain::Location::local);
    workspace_ = config::load_workspace(request, app_.files, app_.environment, diagnostics);
  }
  places_ = {.state = app_.folders.state, .cache = app_.folders.cache, .root = root_};
  tool_paths_["datamill"] = app_.executable;  // plans start it: on an embedded node, for images
  config::attach_excerpts(diagnostics, app_.files);
  if (diagnostics.has_errors()) throw Failure(ExitCode::usage, std::move(diagnostics));
  if (!diagnostics.items().empty() && !app_.json() && !app_.options.quiet) ui::print_diagnostics(diagnostics, app_.err);
}

planner::Surroundings Session::surroundings() const {
  planner::Surroundings found;
  const auto path = app_.environment.get("PATH");
  found.minikube_on_path = !proc::find_executable("minikube", path).path.empty();
  found.docker_running = app_.files.kind("/var/run/docker.sock") == FileSource::Kind::other;
  for (const auto& provider : planner::providers()) {
    if (provider.made_marker.empty()) continue;
    const auto marker = fmt::format("{}/{}", cluster_folder(), provider.made_marker);
    const auto text = app_.files.read(marker, 4096).text.value_or("");
    if (support::contains(text, fmt::format("provider {}\n", provider.name))) found.existing_provider = provider.name;
  }
  if (target_.provider == "auto" && found.existing_provider.empty()) {
    const auto obstacles = node::obstacles({.folder = cluster_folder()});
    if (!obstacles.empty()) found.node_obstacle = obstacles.front().text;
  }
  return found;
}

std::string Session::cluster_folder() const {
  return fmt::format("{}/clusters/{}-{}", app_.folders.state, domain::to_name(target_.location), target_.cluster_name);
}

void Session::choose_provider() {
  target_ = *workspace_->target;
  Diagnostics diagnostics;
  const auto around = surroundings();
  if (const auto choice = planner::choose_provider(target_, around, diagnostics)) {
    choice_ = *choice;
    provider_ = choice->provider;
    target_.provider = provider_->name;
    provider_->check(target_, diagnostics);
    if (!around.existing_provider.empty() && around.existing_provider != target_.provider) {
      diagnostics.error(
          "DM564", target_.at,
          fmt::format("the cluster \"{}\" was made by provider {}, and now {} is asked for", target_.cluster_name,
                      around.existing_provider, target_.provider),
          fmt::format("give the new one another `cluster_name`, or destroy the old one first (provider: {})",
                      around.existing_provider));
    }
  }
  config::attach_excerpts(diagnostics, app_.files);
  if (diagnostics.has_errors()) throw Failure(ExitCode::usage, std::move(diagnostics));
  places_.cluster = cluster_folder();
  access_ = provider_->access(target_, places_);
  cluster_state_ = state_on_disk();
  snapshot_.facts = promised_facts();
  // kubectl and helm would ask a proxy for an API server on this machine.
  if (provider_->own_networks == nullptr || !names_proxy(app_.environment)) return;
  const auto places = no_proxy_with(app_.environment, provider_->own_networks(context()));
  for (const auto* name : {"NO_PROXY", "no_proxy"})
    app_.set_for_children(name, places);
}

domain::Facts Session::promised_facts() const {
  auto facts = provider_->facts(target_);
  facts.own_images = provider_->load_image != nullptr || !workspace_->image_registry.empty();
  return facts;
}

/// The current context of the user's kubeconfig is read once and then named on every command line: a `kubectl config
/// use-context` elsewhere must not move a run to another cluster.
void Session::resolve_context() {
  if (target_.location != domain::Location::hybrid || !access_.context.empty()) return;
  access_.context = current_context(access_.kubeconfig, app_.files);
}

ClusterState Session::state_on_disk() const {
  if (provider_->begun_marker == nullptr) return ClusterState::running;
  const auto is_file = [&](std::string_view name) {
    return app_.files.kind(fmt::format("{}/{}", places_.cluster, name)) == FileSource::Kind::file;
  };
  const auto begun = is_file(provider_->begun_marker(target_));
  if (begun && is_file(provider_->made_marker)) return ClusterState::stopped;  // or running: only the cluster knows
  return begun ? ClusterState::partial : ClusterState::absent;
}

planner::Context Session::context() const {
  return {.workspace = *workspace_,
          .target = target_,
          .snapshot = snapshot_,
          .facts = snapshot_.facts,
          .access = access_,
          .places = places_,
          .cluster_state = cluster_state_,
          .tool_paths = tool_paths_,
          .helm_major = helm_major_,
          .node = facts_of_node(),
          .own_flags = own_flags(),
          .stale_pid_files = stale_pid_files_};
}

std::vector<std::string> Session::own_flags() const {
  const auto& options = app_.options;
  std::vector<std::string> flags;
  const auto add = [&](std::string_view flag, const std::string& value) {
    if (!value.empty()) flags.insert(flags.end(), {std::string(flag), value});
  };
  // A script of the plan may be run from elsewhere; a mere name is looked up in the data root.
  const auto file = [&](const std::string& name) {
    const auto path = fmt::format("{}/{}", app_.working_directory, name);
    return name.starts_with('/') || app_.files.kind(path) != FileSource::Kind::file ? name : path;
  };
  add("--flavour", file(workspace_->flavour_file));
  add("--target", file(options.target));
  add("--location", std::string(domain::to_name(target_.location)));
  add("--namespace", options.k8s_namespace);
  add("--kubeconfig", file(options.kubeconfig));
  add("--kube-context", options.kube_context);
  add("--root", root_);
  add("--state-dir", options.state_dir);
  return flags;
}

command::PathSymbols Session::symbols() const {
  command::PathSymbols symbols;
  for (const auto& [tool, path] : tool_paths_)
    symbols.prefixes.emplace_back(path, tool);
  // kwokctl's PATH: equal text whether kubectl's folder is known or not.
  const auto kubectl = tool_paths_.find("kubectl");
  const auto folder = kubectl == tool_paths_.end() ? "$TOOLS" : kubectl->second.substr(0, kubectl->second.rfind('/'));
  symbols.prefixes.emplace_back(tools::search_path(folder), tools::search_path("$TOOLS"));
  symbols.prefixes.emplace_back(places_.cluster,
                                "$STATE/clusters/" + places_.cluster.substr(places_.cluster.rfind('/') + 1));
  symbols.prefixes.emplace_back(places_.state, "$STATE");
  symbols.prefixes.emplace_back(places_.cache, "$CACHE");
  symbols.prefixes.emplace_back(root_, "$ROOT");
  std::stable_sort(symbols.prefixes.begin(), symbols.prefixes.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return symbols;
}

proc::Runner& Session::runner() {
  if (!runner_) {
    runner_ = places_.cluster.empty() ? proc::make_runner() : proc::make_runner({{kChildMark, places_.cluster}});
  }
  return *runner_;
}

toolbox::Toolbox& Session::toolbox() {
  if (!toolbox_) {
    const toolbox::ToolboxPaths paths{
        .tools_file = root_ + "/tools.yaml", .cache = app_.folders.cache, .locks = app_.folders.cache + "/locks"};
    toolbox_ =
        std::make_unique<toolbox::Toolbox>(paths, app_.environment, app_.files, runner(), net::make_curl_downloader);
  }
  return *toolbox_;
}

void Session::get_tools() {
  if (provider_->needs_root && geteuid() != 0) {
    throw Failure(ExitCode::preflight, "DM573", fmt::format("provider {} needs root", provider_->name),
                  "run this as root (sudo -E), or take simulated nodes: -t kwok");
  }
  auto names = provider_->tools(target_);
  names.insert(names.end(), {"helm", "kubectl"});
  get_tools(names);
}

void Session::get_tools(const std::vector<std::string>& names) {
  const auto view = ui::make_view({.terminal = app_.progress(), .json = app_.json()});
  for (const auto& status : toolbox().ensure(names, *view))
    keep_tool(status);
}

void Session::keep_tool(const toolbox::ToolStatus& status) {
  tool_paths_[status.name] = status.path;
  if (status.name != "helm") return;
  const auto& version = status.version;
  (void)std::from_chars(version.data(), version.data() + version.size(), helm_major_);
}

bool Session::look_for_tools() {
  auto names = provider_->tools(target_);
  names.insert(names.end(), {"helm", "kubectl"});
  for (const auto& status : toolbox().look(names)) {
    if (status.ok()) keep_tool(status);
  }
  return tool_paths_.count("kubectl") != 0;
}

void Session::take_lock() {
  prepare_state(app_.folders);
  const auto name = places_.cluster.substr(places_.cluster.rfind('/') + 1);
  lock_ = std::make_unique<RunLock>(fmt::format("{}/locks/{}.lock", places_.state, name),
                                    planner::describe_cluster(target_));
  wait_for_orphans(app_, runner(), places_.cluster);
  const auto left = describe_cut_off(places_.state, name, app_.files);
  if (!left.empty()) app_.say(fmt::format("note: {}; what it left half done is repaired first", left));
}

std::string Session::typed(std::string_view command, Components components) const {
  const auto& options = app_.options;
  std::string line = fmt::format("{} {}", app_.program, command);
  const auto add = [&line](std::string_view flag, const std::string& value) {
    if (!value.empty()) line += fmt::format(" {} {}", flag, command::shell_quote(value));
  };
  if (target_.location != domain::Location::local)
    line += fmt::format(" --location {}", domain::to_name(target_.location));
  add("-f", options.flavour);
  add("-t", options.target);
  add("-n", options.k8s_namespace);
  add("--kubeconfig", options.kubeconfig);
  add("--kube-context", options.kube_context);
  add("--state-dir", options.state_dir);
  if (components == Components::left_out) return line;
  for (const auto& component : options.components)
    line += " -c " + component;
  return line;
}

}  // namespace datamill::cli

// The part of a session that talks to the cluster.
#include "cli/disk_use.hpp"
#include "cli/durations_file.hpp"
#include "cli/node_facts.hpp"
#include "cli/parallelism.hpp"
#include "cli/patient_lock.hpp"
#include "cli/pause.hpp"
#include "cli/run_head.hpp"
#include "cli/run_store.hpp"
#include "cli/session.hpp"
#include "cli/stale_pids.hpp"
#include "datamill/exec/journal.hpp"
#include "datamill/exec/write_file.hpp"
#include "datamill/inventory/snapshot_reads.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"
#include "datamill/watch/cluster_watch.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <optional>
#include <random>

#include <unistd.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using planner::ClusterState;
using support::Diagnostics;
using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

/// What of the words after a command has to be typed again. Only commands about images run plans by such words.
std::string words_of(const Options& options) {
  auto line = options.command;
  if (options.command != "images") return line;
  for (const auto& word : options.arguments)
    line += " " + command::shell_quote(word);
  if (!options.registry.empty()) line += " --registry " + command::shell_quote(options.registry);
  return line;
}

/// Symbols have no meaning outside of a plan's run.
class NoSymbols final : public command::SymbolLookup {
public:
  [[nodiscard]] command::Secret secret(const command::SecretRef& ref) const override {
    throw Failure(ExitCode::step_failed, "DM510",
                  fmt::format("Secret \"{}/{}\" is not known here", ref.ns, ref.secret));
  }
  [[nodiscard]] std::string output(const command::OutputRef& ref) const override {
    throw Failure(ExitCode::step_failed, "DM510", fmt::format("output \"{}\" is not known here", ref.name));
  }
};

bool is_refusal(const std::string& text) {
  return support::contains(text, "orbidden") || support::contains(text, "nauthorized") ||
         support::contains(text, "must be logged in");
}

/// "" for a damaged file: it is written anew.
std::string uid_in(const std::string& identity) {
  try {
    return std::string(support::read_json(identity, "the cluster's identity file").text_at("uid"));
  } catch (const Failure&) {
    return "";
  }
}

/// Between 0 and 1, another one at each call.
std::function<double()> random_jitter() {
  return [random = std::mt19937(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(random);
  };
}

/// "20261121-073355-4711": sorts by time and names the process.
std::string new_run_id(int number) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &parts);
  return fmt::format("{}-{}-{}", std::string_view(text.data(), size), getpid(), number);
}

}  // namespace

command::ResolvedCommand Session::resolve(const command::Command& command) const {
  const auto path = tool_paths_.find(command.program);
  return command::CommandResolver::resolve(command, path == tool_paths_.end() ? command.program : path->second,
                                           NoSymbols{});
}

bool Session::read_cluster() {
  resolve_context();
  const auto reads = inventory::snapshot_reads(access_);
  const auto results = capture_patiently({reads.commands.begin(), reads.commands.end()});
  std::array<std::string, inventory::SnapshotReads::kCount> outputs;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i].ok()) {
      const auto made_by_us = provider_->begun_marker != nullptr;
      if (made_by_us && !is_refusal(results[i].err)) return false;
      report_unreachable(command::to_shell(reads.commands[i], {.symbols = symbols()}), results[i].reason());
    }
    outputs[i] = results[i].out;
  }
  snapshot_ = inventory::parse_snapshot(outputs, promised_facts());
  cluster_state_ = ClusterState::running;
  check_identity();
  return true;
}

void Session::report_unreachable(const std::string& command, const std::string& reason) {
  Failure failure(is_refusal(reason) ? ExitCode::preflight : ExitCode::unreachable,
                  is_refusal(reason) ? "DM571" : "DM570",
                  is_refusal(reason) ? fmt::format("the cluster refuses to be read: {}", reason)
                                     : fmt::format("the cluster does not answer: {}", reason),
                  is_refusal(reason) ? "datamill reads namespaces, nodes, StorageClasses, volume claims, ConfigMaps "
                                       "and Secrets of all namespaces: ask for these rights"
                                     : "check that it runs and that the kubeconfig and the context are the right ones");
  auto diagnostics = failure.diagnostics();
  diagnostics.items().front().notes.push_back("command: " + command.substr(0, command.find(" --output=")));
  throw Failure(failure.exit_code(), std::move(diagnostics));
}

void Session::check_identity() const {
  const auto text = app_.files.read(places_.cluster + "/identity.json", 64 * 1024).text;
  if (!text) return;
  const auto uid = uid_in(*text);
  if (uid.empty() || uid == snapshot_.cluster_uid) return;
  throw Failure(
      ExitCode::preflight, "DM566",
      fmt::format("{} is another cluster than the one of earlier runs (kube-system is {}, it was {})",
                  planner::describe_cluster(target_), snapshot_.cluster_uid, uid),
      fmt::format("give it another `cluster_name`, or, if the old one is gone for good, remove {}/identity.json",
                  places_.cluster));
}

void Session::pin_identity() {
  if (provider_->begun_marker != nullptr) return;  // a cluster of ours is known by its own files
  auto identity = Node::map();
  identity.set("provider", Node::text(target_.provider));
  identity.set("context", Node::text(access_.context));
  identity.set("uid", Node::text(snapshot_.cluster_uid));
  exec::write_atomically(places_.cluster + "/identity.json", support::write_json(identity) + '\n', 0600);
}

/// A cluster that we made is on this machine, where the lock of the state folder is enough.
bool Session::take_lease(const plan::Plan& plan) {
  const auto changes = [](const plan::Step& step) { return step.effect != plan::Effect::read; };
  if (lease_ || provider_ == nullptr || provider_->begun_marker != nullptr ||
      !std::any_of(plan.steps.begin(), plan.steps.end(), changes))
    return false;
  lease_ = std::make_unique<ClusterLease>(
      access_, typed(words_of(app_.options)),
      [this](const std::vector<command::Command>& commands) { return capture_patiently(commands); },
      [this](const std::string& problem) { app_.say("warning: " + problem); });
  return true;
}

bool Session::lock_cluster(const plan::Plan& plan) {
  return take_lease(plan) && read_cluster();
}

std::size_t Session::parallelism() const {
  const auto& wanted = app_.options.parallelism;
  return wanted ? static_cast<std::size_t>(*wanted) : default_parallelism(app_.files);
}

exec::RunResult Session::execute(const plan::Plan& plan) {
  if (plan.steps.empty()) return {};
  if (!view_) {
    const auto& options = app_.options;
    const auto verbosity = options.quiet         ? ui::Verbosity::quiet
                           : options.verbose > 1 ? ui::Verbosity::output
                           : options.verbose > 0 ? ui::Verbosity::commands
                                                 : ui::Verbosity::normal;
    view_ = ui::make_view({.terminal = app_.progress(), .verbosity = verbosity, .json = app_.json()});
  }
  const auto id = new_run_id(++runs_);
  const auto folder = fmt::format("{}/runs/{}", places_.state, id);
  const auto go_on = typed(words_of(app_.options));
  exec::Journal journal(
      folder, [this](const std::string& problem) { app_.say("warning: " + problem); },
      run_head(app_, *workspace_, target_, places_.cluster.substr(places_.cluster.rfind('/') + 1), go_on));
  exec::EventFan fan({view_.get(), &journal});
  exec::SecretStore secrets;
  exec::ExecutorOptions options{.fail_fast = app_.options.fail_fast,
                                .timeout = app_.options.timeout,
                                .tool_paths = tool_paths_,
                                .run_id = id,
                                .log_directory = folder,
                                .retry_hint = go_on,
                                .jitter = random_jitter()};
  options.parallelism = parallelism();
  (void)take_lease(plan);
  if (lease_ && lease_->held()) {
    options.recurring = {.command = [this]() { return resolve(lease_->renewal()); },
                         .every = ClusterLease::kRenewEvery};
  }
  std::unique_ptr<watch::ClusterWatch> observer;
  if (const auto kubectl = tool_paths_.find("kubectl");
      kubectl != tool_paths_.end() && watch::ClusterWatch::is_needed(plan)) {
    observer = std::make_unique<watch::ClusterWatch>(
        plan, watch::ClusterWatchOptions{.access = access_, .kubectl = kubectl->second, .folder = places_.cluster});
    options.observer = observer.get();
  }
  auto estimated = plan;
  read_durations(places_.state, app_.files).apply(target_.provider, estimated);
  auto result = exec::Executor(runner(), fan, secrets, options).run(estimated);
  (void)learn_durations(places_.state, target_.provider, plan, result.summary, app_.files);
  prune_runs(places_.state, id, app_.files);
  return result;
}

void Session::ensure_cluster() {
  if (cluster_state_ == ClusterState::stopped || provider_->begun_marker == nullptr) (void)read_cluster();
  if (cluster_state_ == ClusterState::running) return refresh_cluster();
  if (provider_->pid_folder != nullptr) {
    stale_pid_files_ = stale_pid_files(fmt::format("{}/{}", places_.cluster, provider_->pid_folder(target_)),
                                       places_.cluster, app_.files);
  }
  std::optional<PatientLock> ports;
  if (provider_->picks_ports) ports.emplace(*this, places_.cache + "/locks/ports.lock", "another start of a cluster");
  const auto result = execute(planner::plan_start(*provider_, context()));
  if (!result.ok()) {
    Diagnostics diagnostics;
    // Parts of a node say it only in their logs.
    if (const auto full = full_disk(places_.state); !full.empty())
      diagnostics.error("DM561", {}, full, "make room there (`df -h`), then run this again");
    throw Failure(exec::exit_code_of(result), std::move(diagnostics));
  }
  if (!read_cluster()) {
    throw Failure(ExitCode::unreachable, "DM570",
                  fmt::format("{} was started but does not answer", planner::describe_cluster(target_)),
                  "run the same command again with -vv; the logs of its parts are in " + places_.cluster);
  }
}

planner::NodeFacts Session::facts_of_node() const {
  if (provider_ == nullptr) return {};  // a command that works on no cluster
  if (provider_->node_folder.empty()) return {};
  return node_facts(fmt::format("{}/{}", places_.cluster, provider_->node_folder), cluster_state_, target_, app_.files);
}

void Session::refresh_cluster() {
  const auto plan = planner::plan_start(*provider_, context());
  if (plan.steps.empty()) return;
  const auto result = execute(plan);
  if (!result.ok()) throw Failure(exec::exit_code_of(result), support::Diagnostics{});
  (void)read_cluster();  // it may have other nodes now
}

std::vector<exec::CaptureResult> Session::capture_patiently(const std::vector<command::Command>& commands) {
  auto results = capture(commands);
  for (const auto delay : {200ms, 400ms, 800ms, 1600ms, 3200ms}) {
    std::vector<std::size_t> places;
    std::vector<command::Command> again;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].may_pass()) continue;
      places.push_back(i);
      again.push_back(commands[i]);
    }
    if (again.empty()) break;
    pause(runner(), delay, "the cluster was asked again");
    auto answers = capture(again);
    for (std::size_t i = 0; i < places.size(); ++i)
      results[places[i]] = std::move(answers[i]);
  }
  return results;
}

std::vector<exec::CaptureResult> Session::capture(const std::vector<command::Command>& commands) {
  std::vector<exec::CaptureRequest> requests;
  for (const auto& command : commands)
    requests.push_back({.command = resolve(command), .timeout = 30s});
  return exec::capture_all(runner(), requests);
}

std::string Session::read(const command::Command& command, std::string_view what) {
  const auto results = capture_patiently({command});
  if (!results.front().ok()) {
    throw Failure(ExitCode::unreachable, "DM570", fmt::format("cannot read {}: {}", what, results.front().reason()),
                  "check that the cluster runs: datamill status");
  }
  return results.front().out;
}

}  // namespace datamill::cli

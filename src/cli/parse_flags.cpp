#include "cli/parse_flags.hpp"
#include "cli/flag_commands.hpp"

#include "cli/parse_commands.hpp"
#include "datamill/support/enum_names.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::cli {

namespace {

constexpr support::EnumTable<Output, 10> kOutputs{{{Output::table, "table"},
                                                   {Output::wide, "wide"},
                                                   {Output::json, "json"},
                                                   {Output::yaml, "yaml"},
                                                   {Output::name, "name"},
                                                   {Output::text, "text"},
                                                   {Output::shell, "shell"},
                                                   {Output::dot, "dot"},
                                                   {Output::mermaid, "mermaid"},
                                                   {Output::html, "html"}}};
constexpr support::EnumTable<ui::ColorMode, 3> kColors{
    {{ui::ColorMode::automatic, "auto"}, {ui::ColorMode::always, "always"}, {ui::ColorMode::never, "never"}}};
constexpr support::EnumTable<domain::Location, 3> kLocations{
    {{domain::Location::local, "local"}, {domain::Location::remote, "remote"}, {domain::Location::hybrid, "hybrid"}}};

constexpr support::EnumTable<Preflight, 3> kPreflights{
    {{Preflight::refuse, "refuse"}, {Preflight::warn, "warn"}, {Preflight::off, "off"}}};

template <std::string Options::* Member>
std::string set_text(Options& options, const std::string& value) {
  options.*Member = value;
  return {};
}

template <bool Options::* Member>
std::string set_on(Options& options, const std::string& value) {
  options.*Member = value == "true";
  return {};
}

std::string set_component(Options& options, const std::string& value) {
  constexpr std::string_view kFolder = "components/";
  std::string_view name = value;
  if (name.starts_with("./")) name.remove_prefix(2);
  if (name.starts_with(kFolder)) name.remove_prefix(kFolder.size());
  // A shell completes the folder's name with a slash.
  while (name.ends_with('/'))
    name.remove_suffix(1);
  if (name.empty()) return "a component's name";
  auto& list = options.components;
  if (std::find(list.begin(), list.end(), name) == list.end()) list.emplace_back(name);
  return {};
}

std::string set_location(Options& options, const std::string& value) {
  options.location = support::value_of(kLocations, value);
  return {};
}

std::string set_output(Options& options, const std::string& value) {
  options.output = support::value_of(kOutputs, value).value_or(Output::automatic);
  return {};
}

std::string set_color(Options& options, const std::string& value) {
  options.color = support::value_of(kColors, value).value_or(ui::ColorMode::automatic);
  return {};
}

std::string set_preflight(Options& options, const std::string& value) {
  options.preflight = support::value_of(kPreflights, value).value_or(Preflight::automatic);
  return {};
}

template <std::optional<int> Options::* Member, int Min, int Max>
std::string set_number(Options& options, const std::string& value) {
  const auto number = support::parse_integer(value);
  if (!number || *number < Min || *number > Max) return fmt::format("a whole number from {} to {}", Min, Max);
  options.*Member = static_cast<int>(*number);
  return {};
}

template <std::optional<std::chrono::seconds> Options::* Member>
std::string set_duration(Options& options, const std::string& value) {
  options.*Member = support::parse_duration(value);
  return options.*Member ? std::string{} : std::string{"a duration such as 90s, 30m or 1h30m"};
}

std::string add_variable(Options& options, const std::string& value) {
  const auto equals = value.find('=');
  if (equals == std::string::npos || equals == 0) return "NAME=VALUE";
  options.variables.emplace_back(value.substr(0, equals), value.substr(equals + 1));
  return {};
}

std::string add_verbose(Options& options, const std::string& /*value*/) {
  ++options.verbose;
  return {};
}

constexpr auto kOn = FlagKind::on;
constexpr auto kValue = FlagKind::value;
constexpr std::array kFlags{
    // `run` alone
    FlagDef{"", 'l', kOn, "", "", "", "run", "local cluster"},
    FlagDef{"", 'r', kOn, "", "", "", "run", "remote (cloud) cluster"},
    FlagDef{"", 'h', kOn, "", "", "", "run", "hybrid: an existing cluster, by its kubeconfig"},
    FlagDef{"", 's', kOn, "", "", "", "run", "start the cluster, create it if absent; no components"},
    FlagDef{"", 'i', kOn, "", "", "", "run", "start the cluster if needed, then install the flavour or -c NAME"},
    FlagDef{"", 'u', kOn, "", "", "", "run", "uninstall the flavour or -c NAME; the cluster stays"},
    FlagDef{"", 'a', kOn, "", "", "", "run", "halt (stop) the cluster, keep its data"},
    FlagDef{"", 'x', kOn, "", "", "", "run", "uninstall everything, then destroy the cluster"},
    FlagDef{"", 'p', kOn, "", "", "", "run", "proxy to the cluster until Ctrl-C"},
    FlagDef{"", 'd', kValue, "net|app", "net|app", "", "run", "debugging pod: network tools or the tool-rich image"},
    // what to work on
    FlagDef{"flavour", 'f', kValue, "FILE", "", "DATAMILL_FLAVOUR", kReads, "flavour: a file, or a name in flavours/",
            set_text<&Options::flavour>},
    FlagDef{"target", 't', kValue, "FILE", "", "DATAMILL_TARGET", kReads, "target: a file, or a name in k8s-targets/",
            set_text<&Options::target>},
    FlagDef{"component", 'c', FlagKind::list, "NAME", "", "", "install uninstall plan validate status config graph",
            "only this component, listed in the flavour or not; repeatable", set_component},
    FlagDef{
        "namespace", 'n', kValue, "NAME", "", "DATAMILL_NAMESPACE",
        "install uninstall destroy plan diff validate status config logs events why open exec debug data db job graph",
        "Kubernetes namespace instead of the flavour's", set_text<&Options::k8s_namespace>},
    FlagDef{"location", 0, kValue, "WHERE", "local|remote|hybrid", "DATAMILL_LOCATION", kReads,
            "which cluster of the target: local, remote or hybrid", set_location},
    FlagDef{"kubeconfig", 0, kValue, "FILE", "", "DATAMILL_KUBECONFIG", kReads,
            "kubeconfig of a hybrid cluster instead of the target's", set_text<&Options::kubeconfig>},
    FlagDef{"kube-context", 0, kValue, "NAME", "", "DATAMILL_KUBE_CONTEXT", kReads, "context in that kubeconfig",
            set_text<&Options::kube_context>},
    // what to do
    FlagDef{"action", 0, kValue, "ACTION", "install|uninstall|start|stop|destroy", "", "plan",
            "plan this action (default: install)", set_text<&Options::plan_action>},
    FlagDef{"offline", 0, kOn, "", "", "", "plan", "do not ask the cluster", set_on<&Options::offline>},
    FlagDef{"detailed-exitcode", 0, kOn, "", "", "", "plan diff", "exit 2 if there is something to do, 1 on errors",
            set_on<&Options::detailed_exitcode>},
    FlagDef{"origin", 0, kOn, "", "", "", "config", "say where each value comes from", set_on<&Options::show_origin>},
    FlagDef{"dry-run", 0, kOn, "", "", "", kChanges, "print the plan, change nothing", set_on<&Options::dry_run>},
    FlagDef{"reinstall", 0, kOn, "", "", "", "install plan", "run every release, even if unchanged",
            set_on<&Options::reinstall>},
    FlagDef{"no-deps", 0, kOn, "", "", "", "install plan graph", "install only what is listed, not what it needs",
            set_on<&Options::no_deps>},
    FlagDef{"adopt", 0, kOn, "", "", "", "install plan", "take over releases that datamill did not make",
            set_on<&Options::adopt>},
    FlagDef{"cascade", 0, kOn, "", "", "", "uninstall plan", "also uninstall what needs the component",
            set_on<&Options::cascade>},
    FlagDef{"force", 0, kOn, "", "", "", "uninstall plan", "uninstall it although others need it",
            set_on<&Options::force>},
    FlagDef{"purge-data", 0, kOn, "", "", "", "uninstall destroy plan",
            "also delete volumes and the Secrets that unlock them", set_on<&Options::purge_data>},
    FlagDef{"purge-crds", 0, kOn, "", "", "", "uninstall destroy plan", "also delete custom resource definitions",
            set_on<&Options::purge_crds>},
    // around a pod
    FlagDef{"follow", 'F', kOn, "", "", "", "logs job", "go on until Ctrl-C; new pods too (-f is the flavour)",
            set_on<&Options::follow>},
    FlagDef{"previous", 0, kOn, "", "", "", "logs", "of containers before their last restart",
            set_on<&Options::previous>},
    FlagDef{"since", 0, kValue, "DURATION", "", "", "logs", "only what is younger: 30s, 10m, 2h",
            set_duration<&Options::since>},
    FlagDef{"tail", 0, kValue, "N", "", "", "logs", "only the last N lines of each container",
            set_number<&Options::tail, 0, 1'000'000>},
    FlagDef{"pod", 0, kValue, "POD", "", "", "logs exec debug",
            "only this pod; debug: a container inside of it (NAME or NAMESPACE/NAME)", set_text<&Options::pod>},
    FlagDef{"container", 0, kValue, "NAME", "", "", "logs exec", "only this container", set_text<&Options::container>},
    FlagDef{"port", 0, kValue, "N", "", "", "open proxy", "local port (default: a free one; proxy: proxy_port)",
            set_number<&Options::port, 1, 65535>},
    FlagDef{"no-browser", 0, kOn, "", "", "", "open", "only print the URL", set_on<&Options::no_browser>},
    FlagDef{"export", 0, kOn, "", "", "", "kubeconfig", "print a line for the shell: export KUBECONFIG=...",
            set_on<&Options::export_line>},
    FlagDef{"image", 0, kValue, "IMAGE", "", "", "debug job", "another image (debug: it needs sh and sleep)",
            set_text<&Options::debug_image>},
    FlagDef{"service-account", 0, kValue, "NAME", "", "", "debug", "ServiceAccount of the pod, with its token",
            set_text<&Options::service_account>},
    FlagDef{"node", 0, kValue, "NODE", "", "", "debug", "run on this node, whatever its taints",
            set_text<&Options::node>},
    // data
    FlagDef{"recursive", 'r', kOn, "", "", "", "data", "ls, rm: everything below", set_on<&Options::recursive>},
    FlagDef{"only-missing", 0, kOn, "", "", "", "data", "push: only what is not there, changed or not",
            set_on<&Options::only_missing>},
    FlagDef{"force", 0, kOn, "", "", "", "data", "push: everything, also what has not changed",
            set_on<&Options::force>},
    // db
    FlagDef{"table", 0, kValue, "TABLE", "", "", "db", "TABLE or SCHEMA.TABLE (default: the file's name)",
            set_text<&Options::table>},
    FlagDef{"database", 0, kValue, "NAME", "", "", "db", "database to load into (default: the server's own)",
            set_text<&Options::database>},
    FlagDef{"replace", 0, kOn, "", "", "", "db", "drop a table that is there", set_on<&Options::replace>},
    FlagDef{"append", 0, kOn, "", "", "", "db", "add to a table that is there", set_on<&Options::append>},
    // job
    FlagDef{"name", 0, kValue, "NAME", "", "", "job", "name of the job (default: made of the file's or image's)",
            set_text<&Options::name>},
    FlagDef{"env", 'e', FlagKind::list, "NAME=VALUE", "", "", "job", "environment variable; repeatable", add_variable},
    FlagDef{"cpu", 0, kValue, "QUANTITY", "", "", "job", "CPU time to reserve: 500m, 2", set_text<&Options::cpu>},
    FlagDef{"memory", 0, kValue, "QUANTITY", "", "", "job", "memory to reserve, and its limit: 512Mi, 4Gi",
            set_text<&Options::memory>},
    FlagDef{"gpu", 0, kValue, "N", "", "", "job", "number of GPUs", set_number<&Options::gpus, 1, 64>},
    FlagDef{"keep", 0, kOn, "", "", "", "job", "keep the job after it has succeeded, and for longer than an hour",
            set_on<&Options::keep>},
    FlagDef{"detach", 0, kOn, "", "", "", "job", "do not wait for it; `job logs NAME -F` does",
            set_on<&Options::detach>},
    // images
    FlagDef{"registry", 0, kValue, "PLACE", "", "DATAMILL_REGISTRY", "images",
            "push: where to, as HOST/PATH (default: `images.registry` of the flavour)", set_text<&Options::registry>},
    FlagDef{"rebuild", 0, kOn, "", "", "", "images", "build: also what is unchanged", set_on<&Options::rebuild>},
    FlagDef{"renew-bases", 0, kOn, "", "", "", "images", "build: ask registries for outside bases again",
            set_on<&Options::renew_bases>},
    FlagDef{"env", 0, kValue, "FILE", "", "", "images",
            "build: make an image with the packages of a requirements.txt or environment.yml",
            set_text<&Options::environment_file>},
    FlagDef{"base", 0, kValue, "NAME", "", "", "images", "build --env: the image to add them to (default: notebook)",
            set_text<&Options::base_image>},
    FlagDef{"name", 0, kValue, "NAME", "", "", "images", "build --env: name of the new image",
            set_text<&Options::name>},
    // runs of before
    FlagDef{"limit", 'n', kValue, "N", "", "", "history", "the newest N runs (default: 20)",
            set_number<&Options::limit, 1, 100'000>},
    FlagDef{"file", 0, kValue, "FILE", "", "", "report", "write it there; .html and .json say what it becomes",
            set_text<&Options::out_file>},
    // how to do it
    FlagDef{"yes", 'y', kOn, "", "", "DATAMILL_YES", kAsks, "do not ask for confirmation", set_on<&Options::yes>},
    FlagDef{"yes-all", 0, kOn, "", "", "", "destroy", "as --yes, although other flavours use the cluster",
            set_on<&Options::yes_all>},
    FlagDef{"no-input", 0, kOn, "", "", "DATAMILL_NO_INPUT", kAsks,
            "never ask: where a confirmation is needed, end with exit 2", set_on<&Options::no_input>},
    FlagDef{"parallelism", 'j', kValue, "N", "", "DATAMILL_PARALLELISM", kChanges,
            "steps that run side by side, 1 to 64", set_number<&Options::parallelism, 1, 64>},
    FlagDef{"timeout", 0, kValue, "DURATION", "", "DATAMILL_TIMEOUT", "install uninstall start stop destroy debug",
            "limit for the whole run (debug: the pod's start): 90s, 30m, 1h30m", set_duration<&Options::timeout>},
    FlagDef{"fail-fast", 0, kOn, "", "", "DATAMILL_FAIL_FAST", kChanges, "start nothing more after the first failure",
            set_on<&Options::fail_fast>},
    FlagDef{"preflight", 0, kValue, "HOW", "refuse|warn|off", "DATAMILL_PREFLIGHT", "install",
            "where pods find no room: refuse (default), warn, or do not look", set_preflight},
    // every command
    FlagDef{"output", 'o', kValue, "FORMAT", "", "DATAMILL_OUTPUT", "*", "", set_output},
    FlagDef{"quiet", 'q', kOn, "", "", "", "*", "only errors", set_on<&Options::quiet>},
    FlagDef{"verbose", 'v', FlagKind::count, "", "", "", "*", "show the commands that run; -vv: and what they print",
            add_verbose},
    FlagDef{"color", 0, kValue, "WHEN", "auto|always|never", "DATAMILL_COLOR", "*", "colours: auto, always or never",
            set_color},
    FlagDef{"state-dir", 0, kValue, "DIR", "", "DATAMILL_STATE_DIR", kState, "where clusters, runs and locks are kept",
            set_text<&Options::state_dir>},
    FlagDef{"root", 0, kValue, "DIR", "", "DATAMILL_ROOT", kData, "folder with flavours/ and components/",
            set_text<&Options::root>},
    FlagDef{"help", 'h', kOn, "", "", "", "*", "this help"},
};

}  // namespace

std::string FlagDef::display() const {
  return long_name.empty() ? fmt::format("-{}", short_name) : fmt::format("--{}", long_name);
}

char FlagDef::short_name_in(std::string_view command) const {
  return command == "run" && long_name == "help" ? '\0' : short_name;
}

std::string FlagDef::usage(std::string_view command) const {
  const char letter = short_name_in(command);
  std::string text = display();
  if (!long_name.empty()) text = letter == 0 ? "    " + text : fmt::format("-{}, {}", letter, text);
  if (!placeholder.empty()) text += fmt::format(" {}", placeholder);
  return text;
}

std::span<const FlagDef> all_flags() {
  return kFlags;
}

bool accepts(std::string_view command, const FlagDef& flag) {
  if (flag.commands == "*" || flag.commands == command) return true;
  const auto listed = support::split_list(flag.commands, " ");
  const auto takes = [&](std::string_view name) {
    return std::find(listed.begin(), listed.end(), name) != listed.end();
  };
  if (command != "run") return takes(command);
  const auto actions = classic_actions();
  return std::any_of(actions.begin(), actions.end(), [&](const ClassicAction& a) { return takes(a.command); });
}

std::vector<const FlagDef*> flags_of(std::string_view command) {
  std::vector<const FlagDef*> flags;
  for (const auto& flag : kFlags) {
    if (accepts(command, flag)) flags.push_back(&flag);
  }
  return flags;
}

}  // namespace datamill::cli

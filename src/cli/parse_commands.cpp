#include "cli/parse_commands.hpp"

#include <algorithm>
#include <array>

namespace datamill::cli {

namespace {

constexpr std::string_view kLifeCycle = "Life cycle";
constexpr std::string_view kLookFirst = "Look first";
constexpr std::string_view kLookAfter = "Look after";
constexpr std::string_view kData = "Data, jobs and images";
constexpr std::string_view kTooling = "Tooling";
constexpr std::string_view kHidden;

constexpr std::array kConfigTopics{Topic{"show", "", 0, 0}, Topic{"explain", "KEY", 1, 1}};
constexpr std::array kDebugTopics{Topic{"net", "[-- COMMAND...]", 0, 1000}, Topic{"app", "[-- COMMAND...]", 0, 1000}};
constexpr std::array kDataTopics{Topic{"push", "LOCAL... [BUCKET/PREFIX]", 1, 100'000},
                                 Topic{"ls", "[BUCKET[/PREFIX]]", 0, 1}, Topic{"rm", "BUCKET/KEY...", 1, 100'000},
                                 Topic{"cat", "BUCKET/KEY", 1, 1}};
constexpr std::array kDbTopics{Topic{"load", "FILE.csv|FILE.sql", 1, 1}};
constexpr std::array kJobTopics{Topic{"submit", "FILE|IMAGE [-- ARGS...]", 1, 1000}, Topic{"logs", "NAME", 1, 1},
                                Topic{"list", "", 0, 0}};
constexpr std::array kCompletionTopics{Topic{"bash", "", 0, 0}, Topic{"zsh", "", 0, 0}, Topic{"fish", "", 0, 0}};
constexpr std::array kListTopics{Topic{"flavours", "", 0, 0}, Topic{"components", "", 0, 0}, Topic{"targets", "", 0, 0},
                                 Topic{"providers", "", 0, 0}};
constexpr std::array kRunsTopics{Topic{"show", "[RUN]", 0, 1}};
constexpr std::array kToolsTopics{Topic{"list", "", 0, 0}, Topic{"install", "NAME...", 0, 1000}};

constexpr std::array kImagesTopics{Topic{"list", "", 0, 0},
                                   Topic{"graph", "", 0, 0},
                                   Topic{"build", "[NAME...]", 0, 1000},
                                   Topic{"push", "[NAME...]", 0, 1000},
                                   Topic{"load", "[NAME...]", 0, 1000},
                                   Topic{"release", "NAME", 1, 1},
                                   Topic{"prune", "", 0, 0},
                                   Topic{"save", "NAME FILE", 2, 2},
                                   Topic{"base", "REFERENCE [SUITE] [renew]", 1, 3}};

constexpr std::array kNodeTopics{Topic{"check", "FILE", 1, 1},
                                 Topic{"run", "FILE", 1, 1},
                                 Topic{"stop", "FILE", 1, 1},
                                 Topic{"clean", "FILE", 1, 1},
                                 Topic{"addresses", "ADDRESS KUBECTL KUBECONFIG PORT...", 3, 1000},
                                 Topic{"load", "FOLDER CTR SOCKET ARCHIVE", 4, 4},
                                 Topic{"packages", "NAME=FILE...", 1, 1000},
                                 Topic{"tether", "-- PROGRAM ARGUMENT...", 1, 1000},
                                 Topic{"image", "OUT REFERENCE ENTRYPOINT PATH=FILE...", 3, 1000}};

constexpr std::array kCommands{
    CommandDef{"run", "All of it with the short flags of data-mill",
               "datamill run -l -i -f flavours/quickstart.yaml    # local cluster: start it and install the flavour\n"
               "datamill run -lif flavours/quickstart.yaml        # the same\n"
               "datamill run -l -i -c notebook                    # only one component\n"
               "datamill run -h -u -f flavours/ds.yaml -t my.yaml # existing cluster: uninstall, the cluster stays\n"
               "datamill run -l -a                                # stop the local cluster, keep its data\n"
               "datamill run -l -x --yes                          # uninstall everything and destroy the cluster",
               "text|json", kLifeCycle},
    CommandDef{"install", "Start the cluster if needed and install a flavour or components",
               "datamill install -f flavours/quickstart.yaml           # on the local cluster\n"
               "datamill install -f quickstart -c notebook             # one component and what it needs\n"
               "datamill install -f quickstart --dry-run               # print the plan, change nothing\n"
               "datamill install -f quickstart -o json --yes           # for a pipeline: one event per line",
               "text|json", kLifeCycle},
    CommandDef{
        "uninstall", "Uninstall a flavour or components; the cluster and the data stay",
        "datamill uninstall -f flavours/quickstart.yaml         # keeps volumes, Secrets that unlock them, CRDs\n"
        "datamill uninstall -f quickstart -c notebook           # one component\n"
        "datamill uninstall -f quickstart --purge-data --yes    # and its volumes",
        "text|json", kLifeCycle},
    CommandDef{"start", "Start the cluster, create it if absent",
               "datamill start                        # the default target\n"
               "datamill start -t big.yaml            # another one",
               "text|json", kLifeCycle},
    CommandDef{"stop", "Stop the cluster, keep its data",
               "datamill stop                         # the default target\n"
               "datamill stop -t big.yaml             # another one",
               "text|json", kLifeCycle},
    CommandDef{"destroy", "Uninstall everything, then destroy the cluster",
               "datamill destroy                      # asks first\n"
               "datamill destroy --yes                # without a terminal",
               "text|json", kLifeCycle},
    CommandDef{"plan", "Print what would be done, down to the commands",
               "datamill plan -f flavours/quickstart.yaml              # for people\n"
               "datamill plan -f quickstart -o json                    # for programs\n"
               "datamill plan -f quickstart -o shell                   # as a shell script\n"
               "datamill plan -f quickstart --action uninstall         # what uninstall would do\n"
               "datamill plan -f quickstart --detailed-exitcode        # exit 2 if there is something to do",
               "text|json|shell|dot|mermaid", kLookFirst},
    CommandDef{"graph", "Print which component comes after which, and why",
               "datamill graph -f flavours/quickstart.yaml             # by level, with the expected critical path\n"
               "datamill graph -f ds -o mermaid                        # for Markdown\n"
               "datamill graph -f ds -o dot > ds.dot                   # for Graphviz: dot -Tsvg ds.dot",
               "text|dot|mermaid|json", kLookFirst},
    CommandDef{.name = "diff",
               .summary =
                   "Show what would change in the objects of the cluster, also where somebody changed them by hand",
               .examples = "datamill diff -f flavours/quickstart.yaml              # all components\n"
                           "datamill diff -f ds mlflow lakefs                      # these\n"
                           "datamill diff -f ds -o json                            # for programs\n"
                           "datamill diff -f ds --detailed-exitcode                # exit 2 if something would change",
               .outputs = "text|json",
               .group = kLookFirst,
               .component = {"[COMPONENT...] [flags]", 0, 1000, true}},
    CommandDef{"validate", "Check flavour, target and components; nothing is started",
               "datamill validate -f flavours/quickstart.yaml          # one flavour and what it uses\n"
               "datamill validate                                      # everything there is",
               "text|json", kLookFirst},
    CommandDef{"config", "Show the settings that count, and where each comes from",
               "datamill config show -f quickstart                     # all settings\n"
               "datamill config show -f quickstart --origin            # with file, line and column\n"
               "datamill config explain notebook.storage -f quickstart # who wins, who loses, by which rule",
               "text|json", kLookFirst, kConfigTopics},
    CommandDef{"status", "Show the cluster, what is installed, and what is not well",
               "datamill status -f flavours/quickstart.yaml\n"
               "datamill status -f quickstart -o json                  # for programs",
               "table|wide|json", kLookAfter},
    CommandDef{"history", "List the runs on this machine, newest first: when, what, how it ended",
               "datamill history                                       # the newest 20\n"
               "datamill history -n 100 -o json                        # for programs",
               "table|json|name", kLookAfter},
    CommandDef{"runs", "Show a run: times, failures, what decided how long it took, where its logs are",
               "datamill runs show                                     # the newest\n"
               "datamill runs show 20261121-0733 -v                    # by the beginning of its id; -v: commands\n"
               "datamill runs show last -o json",
               "text|json", kLookAfter, kRunsTopics},
    CommandDef{.name = "report",
               .summary = "Make a report of a run: a chart over time, failures, steps, versions",
               .examples =
                   "datamill report -o html > report.html                  # of the newest run; one file, no script\n"
                   "datamill report 20261121-073355-4711-1 --file report.html",
               .outputs = "text|html|json",
               .group = kLookAfter,
               .words = {"[RUN] [flags]", 0, 1}},
    CommandDef{.name = "why",
               .summary = "Say why a component is not ready: what is ill, the likely cause, what to do",
               .examples = "datamill why notebook\n"
                           "datamill why notebook -o json                          # for programs",
               .outputs = "text|json",
               .group = kLookAfter,
               .component = {"COMPONENT [flags]", 1, 1}},
    CommandDef{.name = "logs",
               .summary = "Print the logs of all pods and containers of a component",
               .examples =
                   "datamill logs notebook                                 # what there is\n"
                   "datamill logs notebook -F --since 10m                  # and go on (-F, for -f is the flavour)\n"
                   "datamill logs notebook --previous --tail 50            # before the last restart",
               .outputs = "text|json",
               .group = kLookAfter,
               .component = {"COMPONENT [flags]", 1, 1}},
    CommandDef{.name = "events",
               .summary = "List what Kubernetes says of a component, or of all that is installed",
               .examples = "datamill events notebook\n"
                           "datamill events -o json                                # of all our namespaces",
               .outputs = "table|wide|json",
               .group = kLookAfter,
               .component = {"[COMPONENT] [flags]", 0, 1}},
    CommandDef{.name = "open",
               .summary = "Forward a local port to a component's user interface until Ctrl-C (exit code 130)",
               .examples = "datamill open notebook                                 # prints the URL, opens a browser\n"
                           "datamill open notebook --port 8888 --no-browser",
               .outputs = "text|json",
               .group = kLookAfter,
               .component = {"COMPONENT [flags]", 1, 1}},
    CommandDef{.name = "exec",
               .summary = "Run a command in a pod of a component; its exit code becomes ours",
               .examples = "datamill exec notebook                                 # a shell\n"
                           "datamill exec notebook -- pip list                     # one command\n"
                           "datamill exec jupyterhub --pod hub-0 -- env            # in this pod",
               .outputs = "text",
               .group = kLookAfter,
               .component = {"COMPONENT [flags] [-- CMD...]", 1, 1000}},
    CommandDef{.name = "proxy",
               .summary = "Serve the cluster's API on 127.0.0.1 until Ctrl-C (exit code 130)",
               .examples =
                   "datamill proxy                                         # the flavour's proxy_port, or a free one\n"
                   "datamill proxy --port 8001",
               .outputs = "text|json",
               .group = kLookAfter},
    CommandDef{.name = "kubeconfig",
               .summary = "Print the path of the cluster's own kubeconfig; yours is never touched",
               .examples = "datamill kubeconfig\n"
                           "datamill kubeconfig --export                           # for eval \"$(...)\"",
               .outputs = "text|json",
               .group = kLookAfter},
    CommandDef{"debug", "Open a shell in a debugging pod, which is removed at the end",
               "datamill debug net                                     # network tools, in the flavour's namespace\n"
               "datamill debug app -n shop --service-account reader    # the tool-rich image\n"
               "datamill debug net -- nslookup notebook                # one command: its output and exit status\n"
               "datamill debug --pod notebook-0                        # a container inside of a running pod",
               "text", kLookAfter, kDebugTopics, "--pod"},
    CommandDef{
        "data", "Send, list, read and remove objects of the flavour's S3 service",
        "datamill data push data/examples datalake/examples       # a folder; unchanged files are not sent again\n"
        "datamill data push *.csv                                 # to the flavour's one bucket\n"
        "datamill data ls                                         # the buckets\n"
        "datamill data ls datalake/examples/ -o json              # one level; -r: everything below\n"
        "datamill data cat datalake/examples/measurements.csv     # to standard output\n"
        "datamill data rm datalake/examples -r                    # asks first",
        "text|json", kData, kDataTopics},
    CommandDef{
        "db", "Load a CSV or SQL file into the flavour's PostgreSQL, all of it or nothing",
        "datamill db load measurements.csv                        # a new table measurements, types by the values\n"
        "datamill db load more.csv --table measurements --append  # more rows\n"
        "datamill db load schema.sql --database shop              # one transaction; errors name the line",
        "text|json", kData, kDbTopics},
    CommandDef{
        "job", "Run a script, notebook or image as a job in the cluster; its exit code becomes ours",
        "datamill job submit train.py -- --epochs 3               # S3, database and MLflow are in its environment\n"
        "datamill job submit report.ipynb --memory 4Gi --gpu 1    # runs all cells\n"
        "datamill job submit docker.io/library/busybox:1.37.0 -- echo hello\n"
        "datamill job submit train.py --detach --name night       # does not wait\n"
        "datamill job logs night -F                               # -F: until it ends (-f is the flavour)\n"
        "datamill job list",
        "text|json", kData, kJobTopics},
    CommandDef{"images", "Build your own images, and bring them to a registry or a cluster",
               "datamill images graph                                  # what is built on what\n"
               "datamill images build                                  # what changed, bases first\n"
               "datamill images build --env requirements.txt --name mine # a notebook with your own packages\n"
               "datamill images push --registry ghcr.io/acme           # with your docker credentials\n"
               "datamill images load notebook                          # into the local cluster\n"
               "datamill images release base                           # it and all that is built on it\n"
               "datamill images prune --dry-run                        # what no flavour refers to any more",
               "table|json|dot|mermaid", kData, kImagesTopics},
    CommandDef{"list", "List flavours, components, targets or providers",
               "datamill list flavours\n"
               "datamill list components -o json",
               "table|wide|json|name", kTooling, kListTopics},
    CommandDef{"doctor", "Check tools and target, say what to do about problems",
               "datamill doctor\n"
               "datamill doctor -f flavours/quickstart.yaml            # what this flavour needs",
               "table|json", kTooling},
    CommandDef{"tools", "List the tools datamill uses, or get them",
               "datamill tools list\n"
               "datamill tools install helm kubectl                    # into datamill's own cache, never with sudo",
               "table|wide|json", kTooling, kToolsTopics},
    CommandDef{"completion", "Print the completion script of a shell",
               "datamill completion bash > ~/.local/share/bash-completion/completions/datamill\n"
               "datamill completion zsh > ~/.zfunc/_datamill           # a folder of $fpath\n"
               "datamill completion fish > ~/.config/fish/completions/datamill.fish",
               "text", kTooling, kCompletionTopics},
    CommandDef{"version", "Print the version",
               "datamill version\n"
               "datamill version -o json",
               "text|json", kTooling},
    // Started by plans of embedded clusters, so it is not in the overview.
    CommandDef{"node", "Run the parts of an embedded cluster's node on this machine", "datamill node stop FILE", "text",
               kHidden, kNodeTopics},
};

constexpr std::array kActions{ClassicAction{'s', "start", "start"},         ClassicAction{'i', "install", "install"},
                              ClassicAction{'u', "uninstall", "uninstall"}, ClassicAction{'a', "stop", "halt"},
                              ClassicAction{'x', "destroy", "destroy"},     ClassicAction{'p', "proxy", "proxy"},
                              ClassicAction{'d', "debug", "debug"}};

template <class Row>
const Row* find_row(std::span<const Row> rows, std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const CommandDef> all_commands() {
  return kCommands;
}
std::span<const ClassicAction> classic_actions() {
  return kActions;
}
const CommandDef* find_command(std::string_view name) {
  return find_row(all_commands(), name);
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  names.reserve(kCommands.size());
  for (const auto& command : kCommands)
    names.emplace_back(command.name);
  return names;
}

}  // namespace datamill::cli

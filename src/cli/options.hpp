#pragma once

#include "datamill/domain/target.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/ui/ui.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace datamill::cli {

enum class Output : std::uint8_t { automatic, table, wide, json, yaml, name, text, shell, dot, mermaid, html };

/// --preflight: what a pod without room does. `automatic` refuses, but warns where nodes are simulated or added on
/// demand.
enum class Preflight : std::uint8_t { automatic, refuse, warn, off };

/// Everything the command line says, flags and DATAMILL_* together (flags win); what a subcommand does not take stays
/// at its default and is refused by the parser.
struct Options {
  std::string command{};  ///< "install", "plan", ... ; `run -i` becomes "install" with `classic` set; never "run"
  bool classic = false;   ///< came from `run` and its short flags; then `location` is always set
  /// Positional arguments, already checked: config {"show"} or {"explain", KEY}; tools {"list"} or {"install",
  /// NAME...}; list {"flavours"|"components"|"targets"|"providers"}; debug {"net"|"app", COMMAND...}; exec: the
  /// command; completion {"bash"|"zsh"|"fish"}; runs {"show", ID}; report {ID}; none for all other commands.
  std::vector<std::string> arguments{};
  /// install, uninstall, and plan of either, with neither -f nor -c: the command lists the flavours of the data root
  /// and ends with exit code 2 (DM006), because the parser reads no files.
  bool needs_flavour = false;
  std::string flavour{};
  std::string target{};
  /// Names; a leading "components/" is already taken off; no duplicates. Under `logs COMPONENT` and its like that one.
  std::vector<std::string> components{};
  std::optional<domain::Location> location{};
  std::string k8s_namespace{};
  std::string kubeconfig{};
  std::string kube_context{};
  Output output = Output::automatic;
  std::optional<int> parallelism{};  ///< 1 to 64
  std::optional<std::chrono::seconds> timeout{};
  bool yes = false;
  bool yes_all = false;
  bool no_input = false;
  bool dry_run = false;
  bool fail_fast = false;
  Preflight preflight = Preflight::automatic;
  bool reinstall = false;
  bool no_deps = false;
  bool cascade = false;
  bool force = false;
  bool adopt = false;
  bool purge_data = false;
  bool purge_crds = false;
  bool detailed_exitcode = false;
  std::string name{};
  std::string cpu{};
  std::string memory{};
  std::optional<int> gpus{};  ///< 1 to 64
  bool keep = false;
  bool detach = false;
  std::vector<std::pair<std::string, std::string>> variables{};  ///< job: -e NAME=VALUE, in their order
  std::string table{};
  std::string database{};
  bool replace = false;
  bool append = false;
  bool recursive = false;
  bool only_missing = false;
  bool offline = false;
  bool show_origin = false;
  std::string plan_action = "install";  ///< plan --action install|uninstall|start|stop|destroy
  bool follow = false;
  bool previous = false;
  std::optional<std::chrono::seconds> since{};
  std::optional<int> tail{};  ///< 0 or more
  std::string pod{};          ///< debug: NAME or NAMESPACE/NAME
  std::string container{};
  bool export_line = false;
  std::optional<int> port{};  ///< 1 to 65535
  bool no_browser = false;
  std::string debug_image{};
  std::string service_account{};
  std::string node{};
  std::string registry{};
  bool rebuild = false;
  bool renew_bases = false;
  std::string environment_file{};
  std::string base_image{};
  std::optional<int> limit{};  ///< history: number of runs, 1 or more
  std::string out_file{};      ///< report --file
  std::string state_dir{};
  std::string root{};
  ui::ColorMode color = ui::ColorMode::automatic;
  int verbose = 0;
  bool quiet = false;
};

struct ParseOutcome {
  std::optional<Options> options{};  ///< nothing where the parser itself answered (help) or refused
  int exit_code = 0;                 ///< where options is empty
};

/// Parses argv (without the program's name). Help goes to stdout; usage errors to stderr with a suggestion and exit
/// code 2, or as one JSON document on stdout where `-o json` is among the arguments. `--version` becomes the command
/// "version".
///
/// Codes: DM001 unknown command, DM002 not available in this version, DM003 unknown or misplaced flag, DM004 missing
/// or bad value, DM005 location or action of `run`, DM007 wrong arguments.
[[nodiscard]] ParseOutcome parse_command_line(const std::vector<std::string>& arguments,
                                              const support::Environment& environment);

}  // namespace datamill::cli

#pragma once

#include "datamill/plan/step.hpp"

#include <string>
#include <utility>
#include <vector>

namespace datamill::plan {

/// A component of the plan, for views: why it is there and what is to happen.
struct PlannedComponent {
  std::string name{};
  std::string ns{};
  std::string reason{};    ///< "listed", "needed by mlflow: s3", "-c"
  bool unchanged = false;  ///< nothing to do
};

/// Something that stays in the cluster after an uninstall, with the command that removes it.
struct KeptObject {
  std::string what{};     ///< "PersistentVolumeClaim data-mill/lake-data"
  std::string command{};  ///< what to type
};

/// A directed acyclic graph of steps. Step ids are their indexes and `needs` only point backwards, so the vector
/// itself is a valid order.
struct Plan {
  std::string title{};  ///< "Install flavour quickstart on local cluster datamill (kwok)"
  std::vector<Step> steps{};
  std::vector<PlannedComponent> components{};
  std::vector<KeptObject> kept{};
  std::vector<std::string> notes{};
  std::vector<std::string> tools{};  ///< tools its commands use, sorted, each once

  /// Appends a step, sets its id, returns it; adds its command's program to `tools` unless that is a path. A command
  /// without an estimate gets that of a short one.
  StepId add(Step step);
};

/// What is wrong with a plan as a data structure ("step 4 needs step 7"), or "". A bug if not empty.
[[nodiscard]] std::string invariant_problem(const Plan& plan);

struct TextOptions {
  command::PathSymbols symbols{};  ///< for text: folders of this machine to symbols
  bool with_stdin = true;
  std::size_t parallelism = 0;  ///< text: says how long the run will take with so many steps at a time; 0: does not
};
/// For people; the same on every machine: title, numbered steps (from 1) under the component they belong to, each with
/// its exact command, what stays, notes. Ends with a newline.
[[nodiscard]] std::string print_text(const Plan& plan, const TextOptions& options);
/// One JSON document on one line, {"v":1,...}; documented in README. Fields only get added; their order is fixed.
[[nodiscard]] std::string print_json(const Plan& plan, const TextOptions& options);
/// A POSIX shell script with full paths and here-documents. Commands that need secrets or outputs of earlier steps are
/// commented out as not runnable; the script passes `sh -n` all the same. `tool_paths` pairs a tool's name with its
/// path; other programs keep their names. `environment` is exported first: what every child of a run inherits.
[[nodiscard]] std::string print_shell(const Plan& plan,
                                      const std::vector<std::pair<std::string, std::string>>& tool_paths,
                                      const std::vector<std::pair<std::string, std::string>>& environment = {});

}  // namespace datamill::plan

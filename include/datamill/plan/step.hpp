#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/component.hpp"
#include "datamill/domain/snapshot.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace datamill::plan {

using StepId = std::size_t;

/// What a step does to the world; views colour by it and `plan` counts by it.
enum class Effect : std::uint8_t { read, change, destroy };
[[nodiscard]] std::string_view to_name(Effect effect);

/// Runs a command. `output` names the value that the step's stdout gives to later steps ("" = none):
/// "revision:NS/NAME" takes `.version` out of helm's `-o json`.
struct RunCommand {
  command::Command command{};
  std::string output{};
};

/// Makes a Kubernetes Secret: the executor generates the values of `generate` (keeping any it already knows), then runs
/// the command, whose stdin refers to them.
struct CreateSecret {
  struct Generated {
    command::SecretRef ref{};
    domain::RandomValue random{};
    friend bool operator==(const Generated& a, const Generated& b) {
      return a.ref == b.ref && a.random.bytes == b.random.bytes && a.random.alphabet == b.random.alphabet;
    }
  };
  std::vector<Generated> generate{};
  /// Values that are texts over other secrets; resolved after `generate`, in order.
  std::vector<std::pair<command::SecretRef, command::SymbolicText>> derived{};
  command::Command command{};
};

/// Reads an existing Kubernetes Secret (`kubectl get secret -o json`) so that later steps can refer to its keys.
struct ReadSecret {
  std::string ns{};
  std::string name{};
  command::Command command{};
};

/// Writes a file atomically (temporary name, rename), making its folder (0700).
struct WriteFile {
  std::string path{};
  command::SymbolicText content{};
  unsigned mode = 0600;
};

/// Removes a file or a folder with all it holds; absent is fine.
struct RemovePath {
  std::string path{};
};

/// Does nothing but say `text`: a wait that was left out, a choice that was made.
struct Say {
  std::string text{};
};

using Action = std::variant<RunCommand, CreateSecret, ReadSecret, WriteFile, RemovePath, Say>;

/// Evaluated just before the step; the step is skipped as "already done" where it holds.
struct SkipIfExists {
  std::string path{};
};

/// Runs the command again when it ended with an error whose output holds one of `when_output_has` (empty: any error). A
/// step whose error text holds one of `ok_output_has` counts as done.
struct Retry {
  int attempts = 1;                            ///< in all
  std::chrono::milliseconds first_delay{500};  ///< doubles each time, 8 s at most
  std::vector<std::string> when_output_has{};
  std::vector<std::string> ok_output_has{};
  /// Undoes what a failed attempt left, before the next one: run only where an attempt failed with passing trouble and
  /// a later one says `recover_when` (helm: "another operation ... is in progress").
  std::optional<command::Command> recover{};
  std::string recover_when{};
};

/// Something in the cluster that a step waits for.
struct Awaited {
  /// Kind "Release" (no api_version): a helm release with all that belongs to it; else one object.
  domain::ObjectRef object{};
  /// As `kubectl wait --for=` takes it: "condition=Ready", "jsonpath={.status.phase}=Bound", "delete". "": ready as its
  /// kind means it (a Deployment's replicas, a Job's completion, a LoadBalancer's address).
  std::string condition{};
  friend bool operator==(const Awaited&, const Awaited&) = default;
};

struct Step {
  StepId id = 0;
  std::string component{};  ///< "" for the cluster's own steps
  std::string title{};      ///< "Install release lake (seaweedfs 4.44.0)": imperative, no final dot
  Action action{};
  std::vector<StepId> needs{};
  /// What its command waits for. A wait whose conditions can be judged by whoever watches starts no process.
  std::vector<Awaited> awaits{};
  /// The command does nothing but wait for `awaits`.
  bool only_waits = false;
  std::vector<std::string> locks{};  ///< steps that share a lock never run together: "release:data-mill/lake"
  std::optional<SkipIfExists> guard{};
  std::chrono::seconds timeout{600};
  /// How long it is expected to take: by its kind or its component's declaration, then by earlier runs (durations.hpp).
  std::chrono::milliseconds estimate{};
  Retry retry{};
  Effect effect = Effect::change;
  /// A look that may refuse the whole plan: it ends with the exit code ExitCode::preflight, and so does the run.
  bool may_refuse = false;
};

/// The command of a step, or nullptr where the step starts no process.
[[nodiscard]] const command::Command* command_of(const Step& step);

}  // namespace datamill::plan

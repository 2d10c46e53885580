#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/finding.hpp"
#include "datamill/plan/step.hpp"
#include "datamill/proc/runner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::exec {

/// What is seen in the cluster of the things that a step waits for (plan::Step::awaits).
struct Observation {
  std::string waits_for{};  ///< one line, no final dot: "2 of 3 pods: lake-0 ContainerCreating"; "": nothing is known
  std::vector<domain::Finding> findings{};
  /// Whether all conditions of the step hold; nullopt where they cannot be judged (a kind that is not watched).
  std::optional<bool> fulfilled{};
};

/// Port: looks at the cluster while a plan runs. Called from the main thread only. It may use threads of its own, but
/// shows nothing new between two calls of take().
class Observer {
public:
  virtual ~Observer() = default;
  /// A command that the run keeps alive beside its steps from begin() on (`kubectl proxy`); it is started again, with
  /// growing pauses, where it ends by itself.
  [[nodiscard]] virtual std::optional<command::ResolvedCommand> companion() const = 0;
  /// Starts to look; called once, before the first step that awaits something starts.
  virtual void begin() = 0;
  /// Becomes readable when take() has something to take in; -1 before begin().
  [[nodiscard]] virtual int wake_descriptor() const = 0;
  /// Takes in what arrived and makes the descriptor unreadable. True where something changed.
  virtual bool take() = 0;
  /// What is seen of a step's awaited things now. Cheap: asked after every take() for every running step.
  [[nodiscard]] virtual Observation look(const plan::Step& step) = 0;
  /// Since when nothing at all of the cluster can be read any more; nullopt where something can, or never could.
  [[nodiscard]] virtual std::optional<proc::Clock::time_point> lost_since() const { return std::nullopt; }
  /// Whether the cluster can be read now, and was.
  [[nodiscard]] virtual bool answers() const { return false; }
  /// Stops looking and its threads; the companion is ended by the run.
  virtual void end() = 0;
};

}  // namespace datamill::exec

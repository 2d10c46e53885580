#pragma once

#include "datamill/diagnose/findings.hpp"
#include "datamill/exec/observer.hpp"
#include "datamill/plan/step.hpp"
#include "watch/seen_world.hpp"
#include "watch/watcher.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace datamill::watch {

/// What is seen of one step's awaited things; judged anew only where something changed.
class StepLook {
public:
  explicit StepLook(const plan::Step& step);

  /// The step starts: has watched what is not yet, and asks for the newest state of what it waits for.
  void start(const SeenWorld& seen, Watcher& watcher);
  /// @param watcher nullptr where nobody watches any more
  [[nodiscard]] exec::Observation look(const SeenWorld& seen, Watcher* watcher);

private:
  struct Part {
    plan::Awaited awaited{};
    std::optional<Feed> feed{};  ///< of this object alone, where its kind is not watched as a whole
    bool watched = true;         ///< by some feed
    int confirmations_before = 0;
  };

  /// Whether its newest state is asked for when the step starts.
  [[nodiscard]] bool is_asked_for(const Part& part) const;
  [[nodiscard]] exec::Observation judge(const SeenWorld& seen) const;
  [[nodiscard]] std::optional<bool> fulfilled(const SeenWorld& seen, const Part& part, std::optional<bool> ready) const;
  [[nodiscard]] std::vector<domain::Finding> lasting(const SeenWorld& seen, std::vector<domain::Finding> findings,
                                                     Watcher* watcher);
  void take_note_of_old(const diagnose::World& world);
  [[nodiscard]] bool is_old(const diagnose::World& world, const domain::Finding& finding) const;
  [[nodiscard]] bool waits_for(const SeenWorld& seen, const domain::Finding& finding) const;
  void read_logs(const SeenWorld& seen, Watcher& watcher);

  bool only_waits_ = false;
  std::vector<Part> parts_{};
  diagnose::Scope scope_{};
  unsigned long state_ = 0;
  std::optional<exec::Observation> last_{};
  std::map<std::string, Clock::time_point> first_seen_{};  ///< of states that are not told yet
  std::set<std::string> noted_{};                          ///< kinds whose old objects are known
  /// Objects of the time before the step, by kind and name: their UIDs.
  std::map<std::pair<std::string, diagnose::World::Key>, std::string> old_{};
  std::chrono::system_clock::time_point begun_ = std::chrono::system_clock::now() - std::chrono::seconds(1);
  std::map<diagnose::LogKey, std::string> logs_{};  ///< asked for: the container's restarts then
};

}  // namespace datamill::watch

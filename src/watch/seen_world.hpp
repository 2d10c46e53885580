#pragma once

#include "datamill/diagnose/world.hpp"
#include "watch/changes.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace datamill::watch {

/// What the main thread knows of the cluster: changes only in apply().
class SeenWorld {
public:
  /// True where something changed.
  bool apply(std::vector<Change> changes);

  [[nodiscard]] const diagnose::World& world() const { return world_; }
  /// Grows with every change.
  [[nodiscard]] unsigned long state() const { return state_; }
  /// Whether a kind cannot be read, or nothing said anything of it for long.
  [[nodiscard]] bool is_unreadable(const std::string& kind) const { return unreadable_.contains(kind); }

  /// The answers to questions for an object's newest state so far; `answered` says what came of the last one.
  struct Confirmations {
    int count = 0;
    bool answered = false;
  };
  [[nodiscard]] Confirmations confirmations(const std::string& kind, const diagnose::World::Key& key) const;

private:
  void list(const Listed& listed);

  diagnose::World world_{};
  std::set<std::string> unreadable_{};
  std::map<std::pair<std::string, diagnose::World::Key>, Confirmations> confirmed_{};
  unsigned long state_ = 0;
};

}  // namespace datamill::watch

#pragma once

#include "datamill/diagnose/world.hpp"
#include "datamill/support/node.hpp"

#include <mutex>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace datamill::watch {

struct Put {
  support::Node object{};
};
struct Removed {
  std::string kind{};
  diagnose::World::Key key{};
};
/// A kind, or the part of it that a feed shows, was listed: of that part, nothing but `present` exists.
struct Listed {
  std::string kind{};
  std::string ns{};    ///< "": all
  std::string name{};  ///< "": all
  std::set<diagnose::World::Key> present{};
  bool adds_only = false;  ///< nothing is known to be gone
};
/// A kind cannot be read (now), or not for long already.
struct Unreadable {
  std::string kind{};
};
/// The newest state of one object was asked for: the changes up to this one hold it.
struct Confirmed {
  std::string kind{};
  diagnose::World::Key key{};
  bool answered = false;  ///< false: nobody may read it, or its kind does not exist
};
struct LogRead {
  diagnose::LogKey key{};
  std::vector<std::string> lines{};
};
/// A time has come that was asked for.
struct TimeCame {};
using Change = std::variant<Put, Removed, Listed, Unreadable, Confirmed, LogRead, TimeCame>;

/// What goes from the watching thread to the main one.
class ChangeQueue {
public:
  ChangeQueue();
  ChangeQueue(const ChangeQueue&) = delete;
  ChangeQueue& operator=(const ChangeQueue&) = delete;
  ~ChangeQueue();

  /// Readable while something waits to be taken.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  void push(std::vector<Change> changes);
  [[nodiscard]] std::vector<Change> take();

private:
  int descriptor_ = -1;
  std::mutex mutex_{};
  std::vector<Change> changes_{};
};

}  // namespace datamill::watch

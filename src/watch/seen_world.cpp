#include "watch/seen_world.hpp"

#include "datamill/support/overloaded.hpp"

#include <algorithm>

namespace datamill::watch {

using diagnose::World;
using support::Overloaded;

bool SeenWorld::apply(std::vector<Change> changes) {
  if (changes.empty()) return false;
  for (auto& change : changes) {
    std::visit(Overloaded{
                   [this](Put& put) { world_.put(std::move(put.object)); },
                   [this](const Removed& removed) { world_.remove(removed.kind, removed.key); },
                   [this](const Listed& listed) { list(listed); },
                   [this](const Unreadable& kind) { unreadable_.insert(kind.kind); },
                   [this](const Confirmed& confirmed) {
                     auto& known = confirmed_[{confirmed.kind, confirmed.key}];
                     known = {.count = known.count + 1, .answered = confirmed.answered};
                   },
                   [this](LogRead& log) { world_.put_log(log.key, std::move(log.lines)); },
                   [](const TimeCame&) {},
               },
               change);
  }
  ++state_;
  return true;
}

void SeenWorld::list(const Listed& listed) {
  unreadable_.erase(listed.kind);
  // Of definitions only the awaited ones are watched: the kind as a whole stays unknown, or any other would be missing.
  if (listed.name.empty() || listed.kind != "CustomResourceDefinition") world_.mark_known(listed.kind);
  if (listed.adds_only) return;
  std::vector<World::Key> gone;
  for (const auto& [key, object] : world_.of(listed.kind)) {
    const bool shown = (listed.ns.empty() || listed.ns == key.ns) && (listed.name.empty() || listed.name == key.name);
    if (shown && !listed.present.contains(key)) gone.push_back(key);
  }
  for (const auto& key : gone)
    world_.remove(listed.kind, key);
}

SeenWorld::Confirmations SeenWorld::confirmations(const std::string& kind, const World::Key& key) const {
  const auto known = confirmed_.find({kind, key});
  return known == confirmed_.end() ? Confirmations{} : known->second;
}

}  // namespace datamill::watch

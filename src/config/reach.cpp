#include "config/reach.hpp"

#include <algorithm>

namespace datamill::config {

using domain::Component;

namespace {

/// Walks from component to component.
class Walk {
public:
  Walk(const Flavour& flavour, const Catalogue& catalogue, const Capabilities& capabilities)
      : flavour_(flavour), catalogue_(catalogue), capabilities_(capabilities) {
    for (const auto& [name, component] : catalogue.components) {
      for (const auto& provision : component.provides)
        providers_[provision.capability].push_back(name);
      for (const auto& capability : component.default_for)
        defaults_[capability].push_back(name);
    }
  }

  void add(const std::string& name) {
    const Component* component = catalogue_.find(name);
    if (component == nullptr || component->retired() || !reached_.insert(name).second) return;
    todo_.push_back(name);
  }

  /// What was added so far is listed: it wins over defaults.
  void end_of_list() { listed_ = reached_; }

  [[nodiscard]] std::set<std::string> finish() {
    while (!todo_.empty()) {
      const std::string name = std::move(todo_.back());
      todo_.pop_back();
      for (const auto& need : catalogue_.components.at(name).needs)
        follow(need.name);
    }
    return std::move(reached_);
  }

private:
  void follow(const std::string& need) {
    if (capabilities_.by_name.count(need) == 0) {
      add(need);
      return;
    }
    if (flavour_.services.find(need) != nullptr || !resolved_.insert(need).second) return;
    const auto chosen = flavour_.project.providers.find(need);
    if (chosen != flavour_.project.providers.end()) {
      add(chosen->second);
      return;
    }
    const auto& all = providers_[need];
    const auto& defaults = defaults_[need];
    if (std::any_of(all.begin(), all.end(), [&](const std::string& n) { return listed_.count(n) > 0; })) return;
    for (const auto& name : defaults.empty() ? all : defaults)
      add(name);
  }

  const Flavour& flavour_;
  const Catalogue& catalogue_;
  const Capabilities& capabilities_;
  std::map<std::string, std::vector<std::string>> providers_{};
  std::map<std::string, std::vector<std::string>> defaults_{};
  std::set<std::string> reached_{};
  std::set<std::string> listed_{};
  std::set<std::string> resolved_{};
  std::vector<std::string> todo_{};
};

}  // namespace

std::set<std::string> reachable(const Flavour& flavour, const std::vector<domain::ListedComponent>& requested,
                                const Catalogue& catalogue, const Capabilities& capabilities) {
  Walk walk(flavour, catalogue, capabilities);
  for (const auto* listed : {&flavour.project.flavour, &requested}) {
    for (const auto& component : *listed)
      walk.add(component.name);
  }
  walk.end_of_list();
  for (const auto& block : flavour.blocks) {
    const auto alias = catalogue.aliases.find(block.key);
    walk.add(alias == catalogue.aliases.end() ? block.key : alias->second);
  }
  return walk.finish();
}

}  // namespace datamill::config

#include "datamill/plan/durations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace datamill::plan {

namespace {

using support::Node;

constexpr std::size_t kMostKept = 4000;

/// "kwok/lake/Install release lake": what stands in brackets at a title's end is a version.
std::string key_of(std::string_view provider, const Step& step) {
  std::string_view title = step.title;
  if (const auto bracket = title.rfind(" ("); bracket != std::string_view::npos && title.ends_with(')')) {
    title = title.substr(0, bracket);
  }
  return fmt::format("{}/{}/{}", provider, step.component, title);
}

long long number_of(const Node& node) {
  long long value = -1;
  const auto& text = node.scalar;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : -1;
}

}  // namespace

Durations Durations::from_node(const Node& node) {
  Durations durations;
  const Node* steps = node.find("steps");
  if (steps == nullptr || !steps->is_map()) return durations;
  for (const auto& entry : steps->entries) {
    if (entry.value.items.size() != 2) continue;
    const auto taken = number_of(entry.value.items[0]);
    const auto used = number_of(entry.value.items[1]);
    if (taken < 0 || used < 0) continue;
    durations.known_[entry.key] = {.milliseconds = taken, .used = used};
    durations.uses_ = std::max(durations.uses_, used);
  }
  return durations;
}

Node Durations::to_node() const {
  std::vector<long long> uses;
  for (const auto& [key, known] : known_)
    uses.push_back(known.used);
  std::sort(uses.begin(), uses.end());
  const auto oldest = uses.size() > kMostKept ? uses[uses.size() - kMostKept] : 0;
  Node steps = Node::map();
  for (const auto& [key, known] : known_) {
    if (known.used >= oldest) {
      steps.entries.push_back(
          {.key = key, .value = Node::sequence({Node::integer(known.milliseconds), Node::integer(known.used)})});
    }
  }
  Node node = Node::map();
  node.set("v", Node::integer(1));
  node.set("steps", std::move(steps));
  return node;
}

void Durations::learn(std::string_view provider, const Step& step, std::chrono::milliseconds taken) {
  auto [place, is_new] = known_.try_emplace(key_of(provider, step));
  auto& known = place->second;
  known.milliseconds = is_new ? taken.count() : (known.milliseconds + taken.count()) / 2;
  known.used = ++uses_;
}

void Durations::apply(std::string_view provider, Plan& plan) const {
  if (known_.empty()) return;
  for (auto& step : plan.steps) {
    const auto found = known_.find(key_of(provider, step));
    if (found != known_.end()) step.estimate = std::chrono::milliseconds(found->second.milliseconds);
  }
}

}  // namespace datamill::plan

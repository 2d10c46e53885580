#include "datamill/diagnose/findings.hpp"

#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace datamill::diagnose {

using domain::Finding;

namespace {

constexpr std::size_t kLogs = 8;

/// Of nodes only their kind counts: a hundred nodes that are down are one state.
std::string owner_key(const Finding& finding) {
  if (finding.chain.empty()) return {};
  const auto& front = finding.chain.front();
  if (front.kind == "Node") return front.kind;
  return fmt::format("{}/{}/{}", front.kind, front.ns, front.name);
}

/// The log or the table of nodes of a later one is kept where the first has none.
void merge(Finding& first, Finding&& other) {
  ++first.count;
  if (first.last_log.empty()) first.last_log = std::move(other.last_log);
  if (first.event.empty()) first.event = std::move(other.event);
}

void add_findings(const Rule& rule, const Case& rules, std::vector<Finding>& all) {
  std::map<std::string, std::size_t> places;
  for (auto& finding : rule.judge(rules)) {
    finding.code = rule.code;
    finding.name = rule.name;
    finding.hopeless = rule.outlook == Outlook::hopeless;
    const auto [place, is_new] = places.emplace(identity(finding), all.size());
    if (is_new) {
      all.push_back(std::move(finding));
    } else {
      merge(all[place->second], std::move(finding));
    }
  }
}

/// Whether somebody would want to read it: it crashes, it failed, or it runs and is not ready.
std::optional<LogKey> wanted_log(const Container& container) {
  LogKey key{.ns = namespace_of(*container.pod), .pod = name_of(*container.pod), .container = container.name};
  const auto* end = container.last_end();
  if (container.ended_now() != nullptr) {
    return number_at(*end, {"exitCode"}).value_or(0) == 0 ? std::nullopt : std::optional(key);
  }
  if (container.is_ready()) return std::nullopt;
  key.previous = end != nullptr;
  if (container.is_running() || key.previous) return key;
  return std::nullopt;
}

}  // namespace

std::vector<Finding> find(const World& world, const Scope& scope) {
  const Case rules(world, scope);
  std::vector<Finding> all;
  for (const auto& rule : all_rules())
    add_findings(rule, rules, all);
  return all;
}

std::vector<const support::Node*> objects_of(const World& world, const Scope& scope) {
  return Case(world, scope).all();
}

std::string identity(const Finding& finding) {
  return fmt::format("{} {} {}", finding.code, owner_key(finding), finding.container);
}

bool is_passing(std::string_view code) {
  const auto rules = all_rules();
  return std::any_of(rules.begin(), rules.end(),
                     [&](const Rule& rule) { return rule.code == code && rule.onset == Onset::passing; });
}

std::vector<LogKey> wanted_logs(const World& world, const Scope& scope) {
  const Case rules(world, scope);
  std::vector<LogKey> keys;
  std::set<std::string> seen;
  for (const auto& container : containers(rules)) {
    auto key = wanted_log(container);
    if (!key || keys.size() == kLogs) continue;
    const auto owner = rules.chain(*container.pod).front();
    if (seen.insert(fmt::format("{}/{}/{}/{}", owner.kind, owner.ns, owner.name, container.name)).second)
      keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace datamill::diagnose

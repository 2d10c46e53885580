#include "datamill/capacity/cluster.hpp"

#include "datamill/support/units.hpp"

#include <algorithm>

namespace datamill::capacity {

namespace {

bool holds(const Requirement& requirement, const Labels& labels) {
  const auto label = labels.find(requirement.key);
  const bool there = label != labels.end();
  const auto& values = requirement.values;
  const bool listed = there && std::find(values.begin(), values.end(), label->second) != values.end();
  if (requirement.op == "In") return listed;
  if (requirement.op == "NotIn") return !listed;
  if (requirement.op == "Exists") return there;
  if (requirement.op == "DoesNotExist") return !there;
  if (!there || values.size() != 1) return false;
  const auto has = support::parse_integer(label->second);
  const auto wants = support::parse_integer(values.front());
  if (!has || !wants) return false;
  return requirement.op == "Gt" ? *has > *wants : *has < *wants;
}

}  // namespace

bool matches(const Selector& selector, const Labels& labels) {
  return std::all_of(selector.begin(), selector.end(),
                     [&](const Requirement& requirement) { return holds(requirement, labels); });
}

bool tolerates(const std::vector<Toleration>& tolerations, const Taint& taint) {
  return std::any_of(tolerations.begin(), tolerations.end(), [&](const Toleration& toleration) {
    if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
    if (!toleration.key.empty() && toleration.key != taint.key) return false;
    return toleration.op == "Exists" || (!toleration.key.empty() && toleration.value == taint.value);
  });
}

}  // namespace datamill::capacity

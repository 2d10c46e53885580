#pragma once

#include "diagnose/case.hpp"
#include "diagnose/resources.hpp"

#include <map>
#include <string>
#include <vector>

namespace datamill::diagnose {

/// What pods take of each node; counted once for all pods that find no place.
class NodeLoads {
public:
  explicit NodeLoads(const World& world);
  struct Load {
    Amounts used{};
    int pods = 0;
    std::map<std::string, std::string, std::less<>> ports{};  ///< "8080/TCP" -> who has it
  };
  [[nodiscard]] const Load& of(const std::string& node) const;

private:
  std::map<std::string, Load, std::less<>> loads_{};
};

/// What each node lacks for the pod: amounts, "pods" (their number), "cordoned", "taint", "selector", "affinity",
/// "volume zone", "host port"; "other" where it is nothing of these. Nodes that lack least come first; at most 100.
[[nodiscard]] std::vector<domain::NodeShortfall> shortfalls(const World& world, const NodeLoads& loads,
                                                            const support::Node& pod);

}  // namespace datamill::diagnose

#pragma once

#include "datamill/plan/plan.hpp"
#include "datamill/support/node.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::plan {

/// How long steps took on this machine: by provider, component and what the step does, whatever its version.
class Durations {
public:
  /// Reads what to_node() wrote; whatever is not understood is left out: estimates are only estimates.
  [[nodiscard]] static Durations from_node(const support::Node& node);
  [[nodiscard]] support::Node to_node() const;

  /// A step took so long. The newest run counts as much as all before it; 4,000 steps are kept, those of the oldest
  /// runs go first.
  void learn(std::string_view provider, const Step& step, std::chrono::milliseconds taken);
  /// Replaces the estimates of the steps that are known.
  void apply(std::string_view provider, Plan& plan) const;
  [[nodiscard]] bool empty() const { return known_.empty(); }

private:
  struct Known {
    long long milliseconds = 0;
    long long used = 0;  ///< rises with every learn(): the smallest is the oldest
  };
  std::map<std::string, Known, std::less<>> known_{};
  long long uses_ = 0;
};

}  // namespace datamill::plan

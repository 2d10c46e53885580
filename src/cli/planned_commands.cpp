// What the specification has and we do not, so that it gets a better answer than "unknown".
#include "cli/parse_commands.hpp"

#include <algorithm>
#include <array>

namespace datamill::cli {

namespace {

constexpr std::array kPlanned{
    PlannedCommand{"scale", "start"},  PlannedCommand{"hibernate", "stop"}, PlannedCommand{"resume", "start"},
    PlannedCommand{"cost", "plan"},    PlannedCommand{"rehearse", "plan"},  PlannedCommand{"secrets", ""},
    PlannedCommand{"notes", "status"}, PlannedCommand{"audit", "status"},   PlannedCommand{"new", "list"},
    PlannedCommand{"bundle", ""},      PlannedCommand{"lock", "plan"},
};

/// Flags of the specification that do nothing yet; accepting them would be a lie.
constexpr std::array<std::string_view, 1> kPlannedFlags{"--log-format"};

}  // namespace

std::span<const PlannedCommand> planned_commands() {
  return kPlanned;
}

const PlannedCommand* find_planned(std::string_view name) {
  const auto* const found =
      std::find_if(kPlanned.begin(), kPlanned.end(), [&](const auto& planned) { return planned.name == name; });
  return found == kPlanned.end() ? nullptr : &*found;
}

bool is_planned_flag(std::string_view flag) {
  return std::find(kPlannedFlags.begin(), kPlannedFlags.end(), flag) != kPlannedFlags.end();
}

}  // namespace datamill::cli

#pragma once

#include "datamill/domain/finding.hpp"
#include "datamill/exec/run_record.hpp"
#include "datamill/support/node.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::exec {

// What a journal's files hold, read without trust: a value of the wrong kind counts as none.

[[nodiscard]] std::string text_of(const support::Node& node, std::string_view key);
[[nodiscard]] std::optional<long long> number_of(const support::Node& node, std::string_view key);
[[nodiscard]] bool flag_of(const support::Node& node, std::string_view key);
[[nodiscard]] std::vector<std::string> texts_of(const support::Node& node, std::string_view key);
/// Numbers of steps; what is none is left out.
[[nodiscard]] std::vector<plan::StepId> step_ids_of(const support::Node& node, std::string_view key);
/// The list under `key`, or an empty one.
[[nodiscard]] const std::vector<support::Node>& items_of(const support::Node& node, std::string_view key);
/// nullopt where `text` is no JSON object.
[[nodiscard]] std::optional<support::Node> object_in(std::string_view text);

/// What domain::finding_node() wrote.
[[nodiscard]] domain::Finding finding_of(const support::Node& node);
[[nodiscard]] FailureReport failure_of(const support::Node& event);

/// A step's record; it is made where the plan does not name it. nullptr for a number that can be none's.
[[nodiscard]] StepRecord* step_in(RunRecord& record, std::optional<long long> id);

/// Takes in the lines of events.jsonl.
void apply_events(std::string_view text, RunRecord& record);

}  // namespace datamill::exec

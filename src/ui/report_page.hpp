#pragma once

#include "datamill/exec/run_record.hpp"
#include "datamill/exec/run_summary.hpp"

#include <string>
#include <string_view>

namespace datamill::ui {

// Parts of a run's HTML page. Everything is well-formed XML without named entities but those that XML has.

/// Foreign text as text of a page or value of an attribute: escape sequences dropped, markup escaped, characters that
/// XML cannot hold replaced.
[[nodiscard]] std::string escaped(std::string_view text);
/// The class of a state's colours: "s-cut-off".
[[nodiscard]] std::string class_of(std::string_view state_name);
/// <span class="pill s-done">done</span>
[[nodiscard]] std::string pill(std::string_view state_name, std::string_view text);

/// The page's style sheet: light and dark by the reader's preference, light on paper.
[[nodiscard]] std::string_view page_style();

/// Bars of all components over time, with their steps, retries and the critical path.
[[nodiscard]] std::string gantt_chart(const exec::RunRecord& run);
/// Failed steps and findings; "" where there are none.
[[nodiscard]] std::string trouble_cards(const exec::RunRecord& run);
/// Critical path, components, steps, versions.
[[nodiscard]] std::string page_tables(const exec::RunRecord& run);

}  // namespace datamill::ui

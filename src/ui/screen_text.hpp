#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace datamill::ui {

/// Makes one line of foreign text safe for a terminal: escape sequences are dropped, what a carriage return would
/// overwrite is dropped, tabs become blanks, other control characters, direction marks and invalid UTF-8 become U+FFFD.
[[nodiscard]] std::string harmless(std::string_view line);

/// The same for text of several lines that should stay what it is (commands, configuration): line ends and tabs stay,
/// and nothing is dropped but escape sequences and the carriage return of a line's end.
[[nodiscard]] std::string harmless_lines(std::string_view text);

/// Harmless text in ASCII, for a terminal that has no UTF-8: a stand-in for arrows, dashes, quotes, dots, lines and
/// blocks, "?" for each column of any other character. Padding shrinks where a stand-in is wider, so that tables stay
/// aligned. ASCII, and so colours and whatever moves the cursor, stays as it is.
[[nodiscard]] std::string in_ascii(std::string_view text);

/// Columns that harmless text takes: 0 for combining marks, 2 for East Asian wide characters and emoji.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Cuts harmless text to at most `width` columns; "..." shows the cut where there is room for it.
[[nodiscard]] std::string fit(std::string_view text, std::size_t width);

}  // namespace datamill::ui

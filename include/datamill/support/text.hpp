#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datamill::support {

[[nodiscard]] std::string_view trim(std::string_view text);
/// Splits at any of `separators`; pieces are trimmed and empty pieces dropped: "a, b c" -> a b c.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text, std::string_view separators = ", \t\n");
/// Splits at each `separator`, keeping empty pieces.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// Puts `prefix` before every line.
[[nodiscard]] std::string indent(std::string_view text, std::string_view prefix);
/// Shortens to at most `width` characters by replacing the middle with "...".
[[nodiscard]] std::string elide_middle(std::string_view text, std::size_t width);
[[nodiscard]] bool contains(std::string_view text, std::string_view part);
[[nodiscard]] std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// Lower-case hexadecimal SHA-256 of `data`.
[[nodiscard]] std::string sha256_hex(std::string_view data);
[[nodiscard]] std::string base64_encode(std::string_view data);
/// Decodes standard base64; characters outside the alphabet are skipped.
[[nodiscard]] std::string base64_decode(std::string_view text);

/// The candidate nearest to `word` by edit distance, or "" if none is near enough to be meant.
[[nodiscard]] std::string best_match(std::string_view word, const std::vector<std::string>& candidates);
/// "did you mean \"x\"?" or "" (see best_match).
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace datamill::support

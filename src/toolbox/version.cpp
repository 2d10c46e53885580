#include "toolbox/version.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace datamill::toolbox {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A number at `at`, which moves behind it; nullopt where there is none (or an absurd one).
std::optional<int> number(std::string_view text, std::size_t& at) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
  if (error != std::errc() || end == text.data() + at || text[at] == '-') return std::nullopt;
  at = static_cast<std::size_t>(end - text.data());
  return value;
}

bool is_prerelease(std::string_view rest) {
  constexpr std::array<std::string_view, 6> kMarks{"-alpha", "-beta", "-rc", "alpha", "beta", "rc"};
  for (const auto mark : kMarks) {
    if (rest.substr(0, mark.size()) == mark) return true;
  }
  return false;
}

struct Found {
  Version version{};
  int parts = 0;
  std::size_t end = 0;
};

/// Reads "x.y" or "x.y.z" at `at`.
std::optional<Found> read_at(std::string_view text, std::size_t at) {
  Found found;
  const auto major = number(text, at);
  if (!major || at >= text.size() || text[at] != '.') return std::nullopt;
  const auto minor = number(text, ++at);
  if (!minor) return std::nullopt;
  found = {.version = {.major = *major, .minor = *minor}, .parts = 2};
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    const auto patch = number(text, ++at);
    if (!patch) return std::nullopt;
    found.version.patch = *patch;
    found.parts = 3;
  }
  found.version.final = !is_prerelease(text.substr(at));
  found.end = at;
  return found;
}

bool marked(std::string_view text, std::size_t at) {
  return at > 0 && (text[at - 1] == 'v' || text[at - 1] == 'V' || (at > 1 && text.substr(at - 2, 2) == "go"));
}

}  // namespace

std::optional<Version> find_version(std::string_view text) {
  std::optional<Version> shorter;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at]) || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.'))) continue;
    const auto found = read_at(text, at);
    if (!found) continue;
    if (found->parts == 3) return found->version;
    if (!shorter && marked(text, at)) shorter = found->version;
  }
  return shorter;
}

std::optional<Version> parse_version(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  const auto found = read_at(text, 0);
  if (!found || found->parts != 3 || found->end != text.size()) return std::nullopt;
  return found->version;
}

std::string to_text(const Version& version) {
  return fmt::format("{}.{}.{}{}", version.major, version.minor, version.patch, version.final ? "" : " (pre-release)");
}

std::string expand_version(std::string text, const Version& version) {
  text = support::replace_all(std::move(text), "{version}", to_text(version));
  text = support::replace_all(std::move(text), "{major}", std::to_string(version.major));
  text = support::replace_all(std::move(text), "{minor}", std::to_string(version.minor));
  return support::replace_all(std::move(text), "{patch}", std::to_string(version.patch));
}

}  // namespace datamill::toolbox

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::support {

namespace {

char folded(char c) {
  if (c == '_') return '-';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string folded(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return folded(c); });
  return out;
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

bool starts_with(std::string_view text, std::string_view part) {
  return text.substr(0, part.size()) == part;
}

}  // namespace

std::string best_match(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongestWord = 100;
  constexpr std::size_t kShortestPrefix = 3;
  const std::string wanted = folded(word);
  if (wanted.empty() || wanted.size() > kLongestWord) return {};
  const std::string* best = nullptr;
  const std::string* by_prefix = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const std::string text = folded(candidate);
    const std::size_t difference = std::max(text.size(), wanted.size()) - std::min(text.size(), wanted.size());
    if (difference < best_distance && text.size() > 1) {
      const std::size_t distance = edit_distance(wanted, text);
      // A word of two letters with one of them wrong is another word.
      if (distance < best_distance && distance < wanted.size()) {
        best_distance = distance;
        best = &candidate;
      }
    }
    const bool prefixed = (wanted.size() >= kShortestPrefix && starts_with(text, wanted)) ||
                          (text.size() >= kShortestPrefix && starts_with(wanted, text));
    if (prefixed && by_prefix == nullptr) by_prefix = &candidate;
  }
  if (best != nullptr) return *best;
  return by_prefix != nullptr ? *by_prefix : std::string();
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string match = best_match(word, candidates);
  return match.empty() ? std::string() : fmt::format("did you mean \"{}\"?", match);
}

}  // namespace datamill::support

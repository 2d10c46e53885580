#include "datamill/node/sweep.hpp"
#include "datamill/support/text.hpp"

#include <algorithm>

namespace datamill::node {

namespace {

/// Words of a line of `iptables -S`; a text with blanks stands in double quotes, in which a backslash escapes.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool any = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '\\' && i + 1 < line.size()) {
      word += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any || !word.empty()) words.push_back(std::exchange(word, {}));
      any = false;
    } else {
      word += c;
    }
  }
  if (any || !word.empty()) words.push_back(std::move(word));
  return words;
}

bool of_kubernetes(std::string_view chain) {
  return chain.starts_with("KUBE-");
}

bool is_ours(const std::vector<std::string>& words, std::string_view comment, bool with_kubernetes) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (with_kubernetes && (words[i] == "-j" || words[i] == "-g") && of_kubernetes(words[i + 1])) return true;
    if (words[i] == "--comment" && words[i + 1] == comment) return true;
  }
  return false;
}

}  // namespace

std::vector<std::vector<std::string>> removals(std::string_view listing, std::string_view comment,
                                               bool with_kubernetes) {
  std::vector<std::vector<std::string>> rules;
  std::vector<std::vector<std::string>> flushes;
  std::vector<std::vector<std::string>> chains;
  for (const auto& line : support::split_lines(listing)) {
    auto words = words_of(line);
    if (words.size() < 2) continue;
    if (with_kubernetes && words[0] == "-N" && of_kubernetes(words[1])) {
      flushes.push_back({"-F", words[1]});
      chains.push_back({"-X", words[1]});
    } else if (words[0] == "-A" && !of_kubernetes(words[1]) && is_ours(words, comment, with_kubernetes)) {
      words[0] = "-D";
      rules.push_back(std::move(words));
    }
  }
  rules.insert(rules.end(), flushes.begin(), flushes.end());
  rules.insert(rules.end(), chains.begin(), chains.end());
  return rules;
}

}  // namespace datamill::node

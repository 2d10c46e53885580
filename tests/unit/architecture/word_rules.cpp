#include "rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::architecture {

namespace {

constexpr std::size_t kHeaderLines = 150;
constexpr std::size_t kSourceLines = 300;

struct WordRule {
  std::string_view words{};   ///< functions of the C library, called without an object
  std::string_view places{};  ///< layers or files where they may be called; "" = nowhere
  std::string_view reason{};
};

constexpr std::array kCalls{
    WordRule{"system popen", "", "no command goes through a shell"},
    WordRule{"getenv secure_getenv setenv putenv unsetenv", "src/cli/main.cpp",
             "the environment is captured once, in main"},
    WordRule{"fork vfork clone execv execve execvp execvpe execl execlp execle fexecve posix_spawn posix_spawnp",
             "proc", "only proc starts processes"},
    WordRule{"printf fprintf vprintf vfprintf dprintf puts fputs putchar perror", "ui cli", "only ui and cli print"},
    WordRule{"dlopen", "net", "libcurl is the only library loaded late"},
};

/// Names that are wrong wherever they stand.
constexpr std::array kNames{
    WordRule{"std::cout std::cerr std::clog fmt::print std::print", "ui cli", "only ui and cli print"},
    WordRule{"std::regex std::system", "", "see the table of rules"},
};

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether the word at `at` is a whole one, and no member of an object or of another namespace than std.
bool is_free_word(std::string_view line, std::size_t at, std::size_t size) {
  const auto before = line.substr(0, at);
  const auto end = at + size;
  if (end < line.size() && is_identifier(line[end])) return false;
  if (before.empty()) return true;
  if (before.ends_with("std::")) return true;
  if (before.ends_with("::")) return before.size() == 2 || !is_identifier(before[before.size() - 3]);
  return !is_identifier(before.back()) && !before.ends_with('.') && !before.ends_with("->");
}

bool calls(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const auto rest = support::trim(line.substr(at + word.size()));
    if (rest.starts_with('(') && is_free_word(line, at, word.size())) return true;
  }
  return false;
}

bool names(std::string_view line, std::string_view word) {
  const auto at = line.find(word);
  return at != std::string_view::npos && is_free_word(line, at, word.size());
}

bool allowed(const WordRule& rule, const SourceFile& file) {
  const auto places = support::split_list(rule.places, " ");
  return std::any_of(places.begin(), places.end(),
                     [&](const std::string& place) { return place == file.path || place == layer_of(file.path); });
}

template <std::size_t N, class Match>
void check_line(const std::array<WordRule, N>& rules, const SourceFile& file, std::string_view line, Match match,
                const std::string& place, Problems& problems) {
  for (const auto& rule : rules) {
    if (allowed(rule, file)) continue;
    for (const auto& word : support::split_list(rule.words, " ")) {
      if (match(line, word)) problems.push_back(fmt::format("{}: {}: {}", place, word, rule.reason));
    }
  }
}

/// `using namespace` is for literals only.
bool opens_namespace(std::string_view line) {
  return support::contains(line, "using namespace") && !support::contains(line, "literals;");
}

}  // namespace

Problems word_problems(const SourceFile& file) {
  Problems problems;
  const auto lines = support::split_lines(code_only(file.text));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto place = fmt::format("{}:{}", file.path, i + 1);
    check_line(kCalls, file, lines[i], calls, place, problems);
    check_line(kNames, file, lines[i], names, place, problems);
    if (opens_namespace(lines[i])) problems.push_back(fmt::format("{}: using namespace", place));
    if (support::trim(lines[i]).starts_with("#define")) problems.push_back(fmt::format("{}: a macro", place));
  }
  return problems;
}

Problems size_problems(const SourceFile& file) {
  Problems problems;
  const bool header = file.path.ends_with(".hpp");
  const auto limit = header ? kHeaderLines : kSourceLines;
  const auto count = support::split_lines(file.text).size();
  if (count > limit) problems.push_back(fmt::format("{}:{}: longer than {} lines", file.path, count, limit));
  if (header && !file.text.starts_with("#pragma once")) {
    problems.push_back(fmt::format("{}:1: a header starts with #pragma once", file.path));
  }
  return problems;
}

}  // namespace datamill::architecture

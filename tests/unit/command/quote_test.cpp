#include "datamill/command/command.hpp"
#include "support/catch.hpp"
#include "unit/command/sh_words.hpp"

#include <random>

namespace datamill::command {
namespace {

struct QuoteCase {
  std::string why{};
  std::string in{};
  std::string expected{};
};

/// Bytes that a careless quoting gets wrong, much more often than chance would have them.
std::string random_word(std::mt19937& random) {
  constexpr std::string_view kNasty = "'\"\\$`!#&*()[]{}|;<>?~=%^ \t\n\r\x01\x7f-_a0";
  std::uniform_int_distribution<std::size_t> length{0, 12};
  std::uniform_int_distribution<int> kind{0, 3};
  std::uniform_int_distribution<std::size_t> nasty{0, kNasty.size() - 1};
  std::uniform_int_distribution<int> byte{1, 255};
  std::string word;
  for (std::size_t n = length(random); n > 0; --n)
    word += kind(random) == 0 ? static_cast<char>(byte(random)) : kNasty[nasty(random)];
  return word;
}

TEST_CASE("shell_quote prints what a POSIX shell reads back", "[command][quote]") {
  const auto c = GENERATE(values<QuoteCase>({
      {"plain word stays bare", "--namespace", "--namespace"},
      {"path stays bare", "/a/b-c_d.e:f,g@h%i+j", "/a/b-c_d.e:f,g@h%i+j"},
      {"assignment as argument stays bare", "a=b", "a=b"},
      {"zsh expands a word that starts with =", "=ls", "'=ls'"},
      {"empty needs quotes", "", "''"},
      {"space", "a b", "'a b'"},
      {"dollar is literal", "$HOME", "'$HOME'"},
      {"command substitution is literal", "$(id)`id`", "'$(id)`id`'"},
      {"single quote", "it's", R"('it'\''s')"},
      {"only a quote", "'", R"(''\''')"},
      {"newline", "a\nb", "'a\nb'"},
      {"tilde", "~/x", "'~/x'"},
      {"comment", "#x", "'#x'"},
      {"unicode", "größe", "'größe'"},
  }));
  INFO(c.why);
  CHECK(shell_quote(c.in) == c.expected);
}

TEST_CASE("any words survive a shell", "[command][quote]") {
  std::mt19937 random{20240117};
  for (int round = 0; round < 3000; ++round) {
    Command command{.program = random_word(random)};
    if (command.program.empty()) continue;
    for (int n = round % 4; n > 0; --n)
      command.arg(random_word(random));
    std::vector<std::string> expected{command.program};
    expected.insert(expected.end(), command.args.begin(), command.args.end());
    INFO(to_shell(command));
    REQUIRE(test::sh_words(to_shell(command)) == expected);
  }
}

}  // namespace
}  // namespace datamill::command

#include "datamill/plan/plan.hpp"
#include "datamill/support/text.hpp"
#include "proc/runner/run_child.hpp"
#include "support/catch.hpp"
#include "unit/plan/sample_plan.hpp"

#include <random>

namespace datamill::proc {
namespace {

using test::shell;

std::string joined(const std::vector<std::string>& lines) {
  return support::join(lines, "\n");
}

/// Bytes 1 to 255, most of them such that a shell would do something with them.
std::string random_word(std::mt19937& random) {
  constexpr std::string_view kNasty = "'\"\\$`!#&*()[]{}|;<>?~=%^ \t\n\r-_a0";
  std::uniform_int_distribution<std::size_t> length{0, 12};
  std::uniform_int_distribution<int> byte{1, 255};
  std::uniform_int_distribution<std::size_t> nasty{0, kNasty.size() - 1};
  std::string word;
  for (std::size_t n = length(random); n > 0; --n)
    word += byte(random) < 60 ? static_cast<char>(byte(random)) : kNasty[nasty(random)];
  return word;
}

TEST_CASE("a real sh reads back what to_shell prints", "[proc][shell]") {
  const auto runner = make_runner();
  std::mt19937 random{4711};
  for (int round = 0; round < 40; ++round) {
    command::Command command{.program = "printf", .args = {"%s\\000"}};
    std::string expected;
    for (int i = 0; i < 50; ++i) {
      command.arg(random_word(random));
      expected += command.args.back() + '\0';
    }
    const auto result = test::run_child(*runner, shell(command::to_shell(command)));
    REQUIRE(result.err.empty());
    REQUIRE(joined(result.out) == expected);
  }
}

TEST_CASE("a real sh gets environment, folder and here-document as printed", "[proc][shell]") {
  const auto runner = make_runner();
  command::Command command{.program = "/bin/sh",
                           .args = {"-c", "echo \"$A_1\"; pwd; cat"},
                           .env = {{"A_1", "it's $HOME\nEOF"}},
                           .cwd = "/usr"};
  const std::string text = "$(id) `id` \\ $HOME 'x' \"y\"\nEOF\n EOF1\n\nend\n";
  command.stdin_text = command::SymbolicText{text};
  const auto result = test::run_child(*runner, shell(command::to_shell(command)));
  CHECK(joined(result.out) + '\n' == "it's $HOME\nEOF\n/usr\n" + text);
  command = {.program = "/bin/sh", .args = {"-c", "env | grep -c '^DATAMILL.X=1$'"}, .env = {{"DATAMILL.X", "1"}}};
  CHECK(test::run_child(*runner, shell(command::to_shell(command))).exit_code() <= 1);
}

TEST_CASE("a plan's script is valid shell", "[proc][shell]") {
  const auto runner = make_runner();
  const test::Folder folder;
  const auto script = folder.write("plan.sh", plan::print_shell(test::sample_plan(), {}));
  const auto result = test::run_child(*runner, test::resolved({.program = "/bin/sh", .args = {"-n", script}}));
  CHECK(joined(result.err).empty());
  CHECK(result.exit_code() == 0);
}

TEST_CASE("the file steps of a script do what they say", "[proc][shell]") {
  const auto runner = make_runner();
  const test::Folder folder;
  plan::Plan plan{.title = "t"};
  const std::string path = folder.path("a 'b/c");
  plan.add(test::simple_step(
      "Write", plan::WriteFile{.path = path, .content = command::SymbolicText{"x\nEOF\n"}, .mode = 0640}));
  folder.write("old", "x");
  plan.add(test::simple_step("Remove", plan::RemovePath{folder.path("old")}));
  plan::Step guarded = test::simple_step("Not again", plan::RemovePath{path});
  guarded.guard = plan::SkipIfExists{path};
  plan.add(guarded);
  CHECK(test::run_child(*runner, shell(plan::print_shell(plan, {}))).exit_code() == 0);
  CHECK(test::read_file(path) == "x\nEOF\n");
  CHECK_FALSE(std::filesystem::exists(folder.path("old")));
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms{0640});
}

}  // namespace
}  // namespace datamill::proc

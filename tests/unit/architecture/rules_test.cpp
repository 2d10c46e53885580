#include "rules.hpp"

#include "datamill/support/text.hpp"
#include "support/catch.hpp"

namespace datamill::architecture {

// The rules are worth something only if they can be broken: made-up lines that break them, and some that do not.

struct Line {
  std::string path{};
  std::string text{};
  std::string problem{};  ///< "" where the line is fine
};

std::string joined(const Problems& problems) {
  return support::join(problems, "\n");
}

TEST_CASE("include rules catch what they should", "[architecture][rules]") {
  const auto c = GENERATE(values<Line>({
      {"src/domain/x.cpp", "#include \"datamill/config/yaml.hpp\"",
       "src/domain/x.cpp:1: domain must not include config (datamill/config/yaml.hpp)"},
      {"include/datamill/planner/x.hpp", "\n#  include <datamill/proc/runner.hpp>",
       "include/datamill/planner/x.hpp:2: planner must not include proc (datamill/proc/runner.hpp)"},
      {"src/ui/x.cpp", "#include \"datamill/exec/executor.hpp\"",
       "src/ui/x.cpp:1: ui may include only datamill/exec/event.hpp datamill/exec/run_record.hpp "
       "datamill/exec/run_summary.hpp of exec, not datamill/exec/executor.hpp"},
      {"src/ui/x.cpp", "#include \"datamill/exec/run_record.hpp\"", ""},
      {"src/ui/x.cpp", "#include \"datamill/exec/event.hpp\"", ""},
      {"src/ui/x.cpp", "#include \"datamill/ui/ui.hpp\"", ""},
      {"src/planner/providers/x.cpp", "#include \"datamill/tools/helm.hpp\"\n#include \"planner/y.hpp\"", ""},
      {"src/ui/x.cpp", "#include \"cli/options.hpp\"",
       "src/ui/x.cpp:1: \"cli/options.hpp\" is private to another layer"},
      {"include/datamill/ui/x.hpp", "#include \"ui/view.hpp\"",
       "include/datamill/ui/x.hpp:1: a public header includes the private \"ui/view.hpp\""},
      {"src/ui/x.cpp", "#include <boost/asio.hpp>", "src/ui/x.cpp:1: <boost/asio.hpp> belongs to proc"},
      {"src/proc/x.cpp", "#include <boost/asio.hpp>", ""},
      {"include/datamill/proc/x.hpp", "#include <boost/asio.hpp>",
       "include/datamill/proc/x.hpp:1: <boost/asio.hpp> in a public header"},
      {"include/datamill/proc/x.hpp", "#include <fmt/format.h>", ""},
      {"src/net/x.cpp", "#include <nlohmann/json.hpp>", "src/net/x.cpp:1: <nlohmann/json.hpp> belongs to support"},
      {"src/tools/x.cpp", "#include <yaml.h>", "src/tools/x.cpp:1: <yaml.h> belongs to config"},
      {"src/exec/x.cpp", "#include <curl/curl.h>", "src/exec/x.cpp:1: <curl/curl.h> belongs to net"},
      {"src/exec/x.cpp", "#include <absl/x.h>", "src/exec/x.cpp:1: <absl/x.h> is of no known third party"},
      {"src/exec/x.cpp", "#include <sys/stat.h>\n#include <unistd.h>\n#include <map>", ""},
      {"src/config/x.cpp", "#include <regex>", "src/config/x.cpp:1: std::regex is not used here"},
      {"src/config/x.cpp", "#include <iostream>", "src/config/x.cpp:1: iostream is not used here"},
      {"src/newlayer/x.cpp", "#include \"datamill/support/text.hpp\"",
       "src/newlayer/x.cpp:1: layer \"newlayer\" is not in the table"},
      {"src/x.cpp", "", "src/x.cpp:1: the file is in no layer's folder"},
      {"src/cli/x.cpp", "#include \"datamill/exec/executor.hpp\"", ""},
  }));
  INFO(c.path << ": " << c.text);
  CHECK(joined(include_problems({c.path, c.text})) == c.problem);
}

TEST_CASE("only one file may include CLI11", "[architecture][rules]") {
  const SourceFile a{"src/cli/a.cpp", "#include <CLI/CLI.hpp>\n"};
  const SourceFile b{"src/cli/b.cpp", "#include <vector>\n"};
  CHECK(facade_problems({a, b}) == Problems{"src/cli/a.cpp"});
  CHECK(facade_problems({a, a}).size() == 2);
}

TEST_CASE("word rules catch what they should", "[architecture][rules]") {
  const auto c = GENERATE(values<Line>({
      {"src/exec/x.cpp", "system(\"ls\");", "src/exec/x.cpp:1: system: no command goes through a shell"},
      {"src/proc/x.cpp", "auto* f = ::popen (command, mode);",
       "src/proc/x.cpp:1: popen: no command goes through a shell"},
      {"src/cli/x.cpp", "std::getenv(\"HOME\")", "src/cli/x.cpp:1: getenv: the environment is captured once, in main"},
      {"src/cli/main.cpp", "setenv(a, b, 1);", ""},
      {"src/exec/x.cpp", "if (vfork() == 0) {}", "src/exec/x.cpp:1: vfork: only proc starts processes"},
      {"src/proc/x.cpp", "if (vfork() == 0) ::execve(a, b, c);", ""},
      {"src/toolbox/x.cpp", "posix_spawnp(&pid);", "src/toolbox/x.cpp:1: posix_spawnp: only proc starts processes"},
      {"src/exec/x.cpp", "std::printf(\"%d\", 1);", "src/exec/x.cpp:1: printf: only ui and cli print"},
      {"src/exec/x.cpp", "\nfmt::print(\"x\");", "src/exec/x.cpp:2: fmt::print: only ui and cli print"},
      {"src/plan/x.cpp", "std::cout << 1;", "src/plan/x.cpp:1: std::cout: only ui and cli print"},
      {"src/ui/x.cpp", "fmt::print(\"x\");", ""},
      {"src/plan/x.cpp", "std::regex r;", "src/plan/x.cpp:1: std::regex: see the table of rules"},
      {"src/plan/x.cpp", "using namespace std;", "src/plan/x.cpp:1: using namespace"},
      {"src/plan/x.cpp", "using namespace std::chrono_literals;", ""},
      {"src/plan/x.cpp", "#define X 1", "src/plan/x.cpp:1: a macro"},
      {"src/exec/x.cpp", "std::snprintf(buffer, 3, \"x\"); my_system(1); filesystem(2);", ""},
      {"src/exec/x.cpp", "runner.fork(); object->system(); tools::clone();", ""},
      {"src/exec/x.cpp", "// calls system(\"x\") and printf(x)\n/* fork() */ auto s = \"fork(\";", ""},
      {"src/exec/x.cpp", "auto s = R\"(fork(1) \" )\"; auto c = '\"'; /* */ fork();",
       "src/exec/x.cpp:1: fork: only proc starts processes"},
      {"src/exec/x.cpp", "auto n = 1'000; auto m = '\\''; fork();",
       "src/exec/x.cpp:1: fork: only proc starts processes"},
  }));
  INFO(c.path << ": " << c.text);
  CHECK(joined(word_problems({c.path, c.text})) == c.problem);
}

TEST_CASE("size rules catch what they should", "[architecture][rules]") {
  const auto lines = [](std::size_t count) {
    std::string text = "#pragma once\n";
    for (std::size_t i = 1; i < count; ++i)
      text += "\n";
    return text;
  };
  CHECK(size_problems({"src/ui/x.hpp", lines(150)}).empty());
  CHECK(joined(size_problems({"src/ui/x.hpp", lines(151)})) == "src/ui/x.hpp:151: longer than 150 lines");
  CHECK(size_problems({"src/ui/x.cpp", lines(300)}).empty());
  CHECK(joined(size_problems({"src/ui/x.cpp", lines(301)})) == "src/ui/x.cpp:301: longer than 300 lines");
  CHECK(joined(size_problems({"src/ui/x.hpp", "int x;"})) == "src/ui/x.hpp:1: a header starts with #pragma once");
}

TEST_CASE("code_only keeps lines and drops comments and literals", "[architecture][rules]") {
  CHECK(code_only("a // b\nc") == "a     \nc");
  CHECK(code_only("a /* b\n */ c") == "a     \n    c");
  CHECK(code_only("f(\"x\\\"y\", 'z')") == "f(      ,    )");
  CHECK(code_only("R\"e(\n)e\";") == "R   \n   ;");
  CHECK(code_only("/* open") == "       ");
}

TEST_CASE("layers are read out of paths", "[architecture][rules]") {
  CHECK(layer_of("src/ui/a/b.cpp") == "ui");
  CHECK(layer_of("include/datamill/exec/event.hpp") == "exec");
  CHECK(layer_of("tests/unit/ui/x.cpp").empty());
  CHECK(layer_of("src/main.cpp").empty());
}

}  // namespace datamill::architecture

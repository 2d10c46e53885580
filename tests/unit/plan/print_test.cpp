#include "datamill/plan/plan.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "unit/plan/sample_plan.hpp"

namespace datamill::plan {
namespace {

using test::sample_plan;
const TextOptions kOptions{.symbols = {{{"/state", "$STATE"}}}};

TEST_CASE("the text of a plan shows every step with its exact command", "[plan][text]") {
  const std::string expected = R"(Install flavour quickstart on local cluster datamill (kwok)

Cluster
  1. Create the cluster
     only if $STATE/clusters/a b does not exist
     $ kwokctl create cluster
  2. Write the values
     writes $STATE/run/values.yaml (mode 0600):
     | a: 1
     | EOF
  3. Remove the old ones
     removes $STATE/run/it's old

lake in mill (listed)
  4. Make Secret mill/root
     makes mill/root.password: 24 random letters and digits, unless it is known
     makes mill/root.uri out of postgres://u:«secret mill/root.password»
     $ kubectl apply -f - <<'EOF'
     {"password":"«secret mill/root.password»"}
     EOF
  5. Read Secret mill/other
     $ kubectl get secret
  6. Install release lake
     $ A='$(id)' helm upgrade lake $STATE/x <<'EOF'
     x: $(id)
     EOF

Cluster
  7. Leave the wait out
     pods are simulated
     so nothing is waited for

Unchanged: old

Stays in the cluster, with the command that removes it:
  PersistentVolumeClaim mill/data
    $ kubectl delete pvc data -n mill

Notes:
  - see $STATE/notes

7 steps: 1 read, 6 change
)";
  CHECK(print_text(sample_plan(), kOptions) == expected);
}

TEST_CASE("without stdin the text is short", "[plan][text]") {
  const std::string text = print_text(sample_plan(), {.symbols = kOptions.symbols, .with_stdin = false});
  CHECK(support::contains(text, "kubectl apply -f - < (stdin: 1 line)\n"));
  CHECK(support::contains(text, "writes $STATE/run/values.yaml (mode 0600)\n"));
  CHECK_FALSE(support::contains(text, "EOF"));
}

TEST_CASE("a plan without steps says so", "[plan][text]") {
  CHECK(print_text({.title = "Install x"}, {}) == "Install x\n\nNothing to do.\n");
}

TEST_CASE("numbers of steps are aligned", "[plan][text]") {
  Plan plan{.title = "t"};
  for (int i = 0; i < 10; ++i)
    plan.add(test::simple_step("do", Say{"x"}));
  const std::string text = print_text(plan, {});
  CHECK(support::contains(text, "\n   1. do\n      x\n"));
  CHECK(support::contains(text, "\n  10. do\n      x\n"));
}

TEST_CASE("the JSON of a plan is one line with fixed fields", "[plan][json]") {
  const std::string json = print_json(sample_plan(), kOptions);
  CHECK(json.find('\n') == json.size() - 1);
  const std::string start =
      R"x({"v":1,"title":"Install flavour quickstart on local cluster datamill (kwok)","steps":[{"id":0,)x"
      R"x("component":"","title":"Create the cluster","action":"run","command":{"program":"kwokctl",)x"
      R"x("args":["create","cluster"],"env":{},"cwd":null,"stdin":null,"interactive":false},"needs":[],)x"
      R"x("locks":["cluster"],"guard":{"skip_if_exists":"$STATE/clusters/a b"},"timeout_s":600,)x"
      R"x("estimate_ms":300,"effect":"change","retry":{"attempts":1,)x";
  CHECK(json.substr(0, start.size()) == start);
  const auto root = support::read_json(json, "the plan");
  const auto& steps = root.find("steps")->items;
  REQUIRE(steps.size() == 7);
  CHECK(steps[1].find_path({"file", "content"})->scalar == "a: 1\nEOF\n");
  CHECK(steps[1].find("command")->is_null());
  CHECK(steps[2].text_at("path") == "$STATE/run/it's old");
  CHECK(steps[3].find_path({"command", "stdin"})->scalar == R"({"password":"«secret mill/root.password»"})");
  CHECK(steps[3].find_path({"secrets", "generate"})->items.at(0).text_at("as") == "alnum");
  CHECK(steps[3].find_path({"retry", "ok_output_has"})->items.at(0).scalar == "already exists");
  CHECK(steps[4].text_at("secret") == "mill/other");
  CHECK(steps[5].text_at("output") == "revision:mill/lake");
  CHECK(steps[5].find_path({"command", "env", "A"})->scalar == "$(id)");
  CHECK(steps[6].text_at("action") == "say");
  CHECK(root.find("components")->items.at(1).find("unchanged")->scalar == "true");
  CHECK(root.find("kept")->items.size() == 1);
  CHECK(root.find("notes")->items.at(0).scalar == "see $STATE/notes");
  CHECK(root.find("tools")->items.size() == 3);
}

TEST_CASE("the script has full paths, and secrets are commented out", "[plan][shell]") {
  const std::string expected = R"(#!/bin/sh
# Install flavour quickstart on local cluster datamill (kwok)
set -eu

# 1. Create the cluster
if [ ! -e '/state/clusters/a b' ]; then
:
kwokctl create cluster
fi

# 2. Write the values
mkdir -p -m 0700 -- /state/run
(umask 077 && cat >/state/run/values.yaml) <<'EOF1'
a: 1
EOF
EOF1
chmod 0600 /state/run/values.yaml

# 3. Remove the old ones
rm -rf -- '/state/run/it'\''s old'

# 4. Make Secret mill/root
# datamill tries this up to 3 times
# datamill takes an error that says "already exists" as done
# not runnable: holds secrets
# kubectl apply -f - <<'EOF'
# {"password":"«secret mill/root.password»"}
# EOF

# 5. Read Secret mill/other
kubectl get secret >/dev/null

# 6. Install release lake
A='$(id)' '/opt/my tools/helm' upgrade lake /state/x <<'EOF'
x: $(id)
EOF

# 7. Leave the wait out
# pods are simulated
# so nothing is waited for

# stays: PersistentVolumeClaim mill/data
# kubectl delete pvc data -n mill

# note: see /state/notes
)";
  CHECK(print_shell(sample_plan(), {{"helm", "/opt/my tools/helm"}}) == expected);
}

TEST_CASE("a guard around a command that cannot run still is valid shell", "[plan][shell]") {
  Plan plan{.title = "t"};
  command::SymbolicText text;
  text.parts.emplace_back(command::OutputPart{.ref = {.name = "x"}});
  auto step = test::simple_step("Apply", RunCommand{.command = {.program = "kubectl", .stdin_text = text}});
  step.guard = SkipIfExists{"/x"};
  plan.add(step);
  CHECK(support::contains(print_shell(plan, {}), "then\n:\n# not runnable: holds secrets\n# kubectl <<'EOF'\n"
                                                 "# «output x»\n# EOF\nfi\n"));
}

TEST_CASE("a title with a newline cannot leave its comment", "[plan][shell]") {
  CHECK(print_shell({.title = "a\nrm -rf x"}, {}) == "#!/bin/sh\n# a\n# rm -rf x\nset -eu\n");
}

}  // namespace
}  // namespace datamill::plan

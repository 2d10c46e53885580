#include "datamill/command/command.hpp"
#include "support/catch.hpp"

namespace datamill::command {
namespace {

const PathSymbols kSymbols{{{"/home/x/.local/state/datamill", "$STATE"}, {"/home/x", "$HOME"}}};

TEST_CASE("path symbols replace whole path components only", "[command][symbols]") {
  struct Case {
    std::string in{};
    std::string expected{};
  };
  const auto c = GENERATE(values<Case>({
      {"/home/x/.local/state/datamill", "$STATE"},
      {"/home/x/.local/state/datamill/k", "$STATE/k"},
      {"/home/x/.local/state/datamill2", "$HOME/.local/state/datamill2"},
      {"/home/xy", "/home/xy"},
      {"/home/x-y", "/home/x-y"},
      {"/home/xä", "/home/xä"},
      {"/srv/home/x", "/srv/home/x"},
      {"--kubeconfig=/home/x/k", "--kubeconfig=$HOME/k"},
      {"/home/x:/home/x", "$HOME:$HOME"},
      {R"({"path":"/home/x"})", R"({"path":"$HOME"})"},
      {"", ""},
      {"/home/", "/home/"},
  }));
  INFO(c.in);
  CHECK(kSymbols.apply(c.in) == c.expected);
}

TEST_CASE("a prefix may end with a slash, and the root folder is no prefix", "[command][symbols]") {
  CHECK(PathSymbols{{{"/home/x/", "$H"}}}.apply("/home/x/a") == "$H/a");
  CHECK(PathSymbols{{{"/", "$ROOT"}, {"", "$NONE"}}}.apply("/etc") == "/etc");
}

TEST_CASE("to_shell prints program and quoted arguments", "[command][render]") {
  Command command{.program = "helm"};
  command.arg("upgrade").flag("--set", "a=b c");
  CHECK(to_shell(command) == "helm upgrade --set 'a=b c'");
}

TEST_CASE("to_shell shows symbols unquoted and keeps the rest exact", "[command][render]") {
  Command command{.program = "/home/x/bin/helm", .args = {"/home/x/a b", "$HOME/a", "/etc"}};
  CHECK(to_shell(command, {.symbols = kSymbols}) == "$HOME/bin/helm $HOME'/a b' '$HOME/a' /etc");
}

TEST_CASE("to_shell prints environment additions and the folder", "[command][render]") {
  Command command{.program = "helm", .args = {"list"}, .env = {{"A", "1 2"}, {"B", ""}}, .cwd = "/tmp/x y"};
  CHECK(to_shell(command) == "(cd -- '/tmp/x y' && A='1 2' B= helm list)");
  command = {.program = "helm", .env = {{"A.B", "1"}}};
  CHECK(to_shell(command) == "env A.B=1 helm");
}

TEST_CASE("to_shell quotes a program that a shell would take for something else", "[command][render]") {
  CHECK(to_shell({.program = "if"}) == "'if'");
  CHECK(to_shell({.program = "a=b"}) == "'a=b'");
}

TEST_CASE("stdin prints as a here-document with symbols", "[command][render]") {
  Command command{.program = "kubectl", .args = {"apply", "-f", "-"}};
  SymbolicText text{"password: "};
  text.parts.emplace_back(SecretPart{.ref = {.ns = "mill", .secret = "root", .key = "password"}});
  text.parts.emplace_back("\nrevision: ");
  text.parts.emplace_back(OutputPart{.ref = {.name = "revision:mill/lake"}});
  text.parts.emplace_back("\nfile: /home/x/f\n");
  command.stdin_text = text;
  CHECK(to_shell(command, {.symbols = kSymbols}) == "kubectl apply -f - <<'EOF'\n"
                                                    "password: «secret mill/root.password»\n"
                                                    "revision: «output revision:mill/lake»\n"
                                                    "file: $HOME/f\n"
                                                    "EOF");
  CHECK(to_shell(command, {.with_stdin = false}) == "kubectl apply -f - < (stdin: 3 lines)");
  CHECK(to_shell(command, {.with_stdin = false, .discard_output = true}) ==
        "kubectl apply -f - >/dev/null < (stdin: 3 lines)");
}

TEST_CASE("the delimiter of a here-document does not occur in it", "[command][render]") {
  Command command{.program = "cat"};
  command.stdin_text = SymbolicText{"EOF\nEOF1 x"};
  CHECK(to_shell(command) == "cat <<'EOF2'\nEOF\nEOF1 x\nEOF2");
  command.stdin_text = StdinFile{.path = "/a b"};
  CHECK(to_shell(command) == "cat < '/a b'");
  command.stdin_text = StdinFile{.before = "BEGIN; ", .path = "x.sql", .after = "\nCOMMIT;\n"};
  CHECK(to_shell(command) == "cat < <(printf %s 'BEGIN; '; cat x.sql; printf %s '\nCOMMIT;\n')");
  command.stdin_text = SymbolicText{};
  CHECK(to_shell(command) == "cat <<'EOF'\nEOF");
  command.stdin_text = SymbolicText{"one"};
  CHECK(to_shell(command, {.with_stdin = false}) == "cat < (stdin: 1 line)");
}

}  // namespace
}  // namespace datamill::command

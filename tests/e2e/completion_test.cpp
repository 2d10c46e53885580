// Completion: the hidden command, and the scripts in real shells.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <filesystem>

namespace datamill::tests {

namespace {

using support::contains;

std::string find_shell(const std::string& name) {
  for (const auto* folder : {"/usr/bin/", "/bin/", "/usr/local/bin/"}) {
    if (std::filesystem::exists(folder + name)) return folder + name;
  }
  return {};
}

/// Runs a script of a shell that is there, with datamill in PATH.
std::string shell(Workbench& bench, const std::vector<std::string>& argv) {
  auto environment = bench.environment;
  const auto folder = std::filesystem::path(DATAMILL_PROGRAM).parent_path().string();
  environment["PATH"] = folder + ":/usr/bin:/bin";
  const auto output = bench.folder().path("shell");
  std::filesystem::create_directories(output);
  auto result =
      Program(
          {.argv = argv, .environment = environment, .working_directory = bench.working_directory, .folder = output})
          .wait();
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  return result.out;
}

/// What bash offers for a line with the cursor at its end, separated by blanks.
std::string in_bash(Workbench& bench, const std::string& line) {
  const std::string script = R"(source <(datamill completion bash)
COMP_LINE="$1"; COMP_POINT=${#1}
read -r -a COMP_WORDS <<<"$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
complete -p datamill >/dev/null || exit 1
_datamill
echo "${COMPREPLY[*]}")";
  return std::string(support::trim(shell(bench, {"/bin/bash", "-c", script, "bash", line})));
}

bool offers(const std::string& words, const std::string& word) {
  return contains(" " + words + " ", " " + word + " ");
}

}  // namespace

TEST_CASE("the hidden command offers commands, flags and names", "[e2e][completion]") {
  Workbench bench;
  struct Case {
    std::vector<std::string> words{};
    std::string offered{};
    std::string not_offered{};
  };
  const auto c = GENERATE(values<Case>({
      {{""}, "\ninstall\t", "\n__complete"},
      {{"st"}, "\nstatus\t", "\ninstall"},
      {{"help", "de"}, "\ndestroy\t", "\nhelp"},
      {{"install", "-f", ""}, "\nquickstart\n", "\ndefault"},
      {{"install", "--flavour", "q"}, "\nquickstart\n:files\n", "\nds"},
      {{"install", "--flavour=q"}, "\n--flavour=quickstart\n", "\nds"},
      {{"run", "-lif", "da"}, "\ndatalake\n", "\nds"},
      {{"start", "-t", ""}, "\nkwok\n", "\nquickstart"},
      {{"install", "-c", "note"}, "\nnotebook\t", "\nlakefs"},
      {{"install", "-c", ""}, "\nlakefs\t", "\nambassador"},  // retired
      {{"status", "-o", ""}, "\nwide\n", "\nshell"},
      {{"plan", "-o", "sh"}, "\nshell\n", "\nwide"},
      {{"-o", "json", "plan", "--action", ""}, "\nuninstall\n", "\nplan"},
      {{"run", "-l", "-d", ""}, "\nnet\n", "\ninstall"},
      {{"debug", ""}, "\napp\n", "\nnotebook"},
      {{"completion", ""}, "\nfish\n", "\nnet"},
      {{"config", ""}, "\nexplain\n", "\nkwok"},
      {{"install", "--"}, "\n--dry-run\t", "\n--origin"},
      {{"install", "--dry-run", "--d"}, "", "--dry-run"},
      {{"tools", "install", "kube"}, "\nkubectl\n", "\nhelm"},
      {{"list", "--color", ""}, "\nnever\n", "\nflavours"},
      {{"start", "--state-dir", ""}, "\n:folders\n", "\nkwok"},
      {{"logs", "note"}, "", "\nlakefs"},
      {{"images", "build", "not"}, "\nnotebook\t", "\nbase"},
      {{"images", "build", "--base", "p"}, "\npython\t", "\nbase"},
      {{"images", "list", ""}, "", "\nbase"},
      {{"nonsense", ""}, "", "\ninstall"},
      {{"debug", "net", "--", ""}, "\n:files\n", "\nnet"},
  }));
  INFO(support::join(c.words, " "));
  auto words = c.words;
  words.insert(words.begin(), "__complete");
  const auto result = bench.run(words);
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK(contains("\n" + result.out, c.offered));
  CHECK_FALSE(contains("\n" + result.out, c.not_offered));
  CHECK(bench.calls().empty());
}

TEST_CASE("completion never errs", "[e2e][completion]") {
  Workbench bench;
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"__complete"},
                                             {"__complete", "install", "-f"},
                                             {"__complete", "--output=", "-o"},
                                             {"__complete", "install", "--flavour=x=y", "--", "--", ""},
                                             {"__complete", "-", "-", "="},
                                             {"__complete", "run", "-lx", "-", "--root", "/nowhere", ""},
                                             {"__complete", "install", "--root", "/nowhere", "-c", ""}}) {
    INFO(support::join(words, " "));
    const auto result = bench.run(words);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
  }
  bench.environment = {{"DATAMILL_ROOT", "/nowhere"}, {"DATAMILL_OUTPUT", "nonsense"}};
  const auto result = bench.run({"__complete", "install", "-f", ""});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
}

TEST_CASE("bash completes", "[e2e][completion]") {
  Workbench bench;
  (void)bench.folder().write("my.yaml", "");
  CHECK(offers(in_bash(bench, "datamill inst"), "install"));
  CHECK(in_bash(bench, "datamill completion ") == "bash zsh fish");
  CHECK(in_bash(bench, "datamill install -c notebo") == "notebook");
  CHECK(in_bash(bench, "datamill status -o js") == "json");
  // "=" separates words in bash: only what follows it is replaced.
  CHECK(in_bash(bench, "datamill status --output=js") == "json");
  CHECK(in_bash(bench, "datamill status --output=") == "table wide json");
  const auto flavours = in_bash(bench, "datamill install -f ");
  CHECK(offers(flavours, "quickstart"));
  CHECK(offers(flavours, "my.yaml"));
  CHECK(in_bash(bench, "datamill install -f my") == "my.yaml");
  CHECK(offers(in_bash(bench, "datamill run -lif d"), "datalake"));
  CHECK(in_bash(bench, "datamill -q uninstall --purge") == "--purge-data --purge-crds");
  CHECK(in_bash(bench, "datamill nonsense x").empty());
}

TEST_CASE("zsh completes", "[e2e][completion]") {
  const auto zsh = find_shell("zsh");
  if (zsh.empty()) {
    WARN("zsh is not installed: skipped");
    return;
  }
  Workbench bench;
  const std::string script = R"(compdef() { :; }
compadd() { local a=("$@"); print -rl -- "${names[@]}"; }
_files() { print -r -- files; }
compset() { :; }
source <(datamill completion zsh)
words=(datamill status -o js); CURRENT=4; _datamill
words=(datamill install -c notebo); CURRENT=4; _datamill
words=(datamill install -f quick); CURRENT=4; _datamill)";
  CHECK(shell(bench, {zsh, "-f", "-c", script}) == "json\nnotebook\nquickstart\nfiles\n");
}

TEST_CASE("fish completes", "[e2e][completion]") {
  const auto fish = find_shell("fish");
  if (fish.empty()) {
    WARN("fish is not installed: skipped");
    return;
  }
  Workbench bench;
  const std::string script = R"(datamill completion fish | source
complete --do-complete 'datamill status -o js'
complete --do-complete 'datamill install -c notebo' | string split -f 1 \t
complete --do-complete 'datamill install -f quick')";
  CHECK(shell(bench, {fish, "--no-config", "-c", script}) == "json\nnotebook\nquickstart\n");
}

TEST_CASE("each shell has its script", "[e2e][completion]") {
  Workbench bench;
  for (const auto* name : {"bash", "zsh", "fish"}) {
    const auto result = bench.run({"completion", name});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "__complete"));
  }
  CHECK(bench.run({"completion", "tcsh"}).exit_code == 2);
  CHECK(bench.run({"completion"}).exit_code == 2);
}

}  // namespace datamill::tests

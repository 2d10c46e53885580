// What goes to which stream, and in which form.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>

namespace datamill::tests {

namespace {

using support::contains;
using support::Node;

/// Every line is a JSON document with a version and a type.
std::vector<Node> json_lines(const std::string& text) {
  std::vector<Node> documents;
  for (const auto& line : support::split_lines(text)) {
    if (line.empty()) continue;
    INFO(line);
    documents.push_back(support::read_json(line, "output"));
    CHECK(documents.back().text_at("v") == "1");
    CHECK_FALSE(documents.back().text_at("type").empty());
  }
  return documents;
}

}  // namespace

TEST_CASE("with -o json a run prints JSON lines on stdout and nothing on stderr", "[e2e][output]") {
  Workbench bench;
  const auto first = bench("install -f quickstart -o json");
  CHECK(first.exit_code == 0);
  CHECK(first.err.empty());
  const auto events = json_lines(first.out);
  REQUIRE(events.size() > 10);
  CHECK(events.front().text_at("type") == "run_started");
  CHECK(events.back().text_at("type") == "installed");
  CHECK(events.back().find("components")->items.size() == 2);
  for (const auto* line : {"install -f quickstart -o json", "stop -o json", "start -o json",
                           "uninstall -f quickstart --yes -o json", "destroy --yes -o json", "stop -o json"}) {
    INFO(line);
    const auto result = bench(line);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    (void)json_lines(result.out);
  }
}

TEST_CASE("with -o json a failure is JSON too", "[e2e][output]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"exit":1,"stderr":"Error: no"})"});
  const auto failed = bench("install -f quickstart -o json");
  CHECK(failed.exit_code == 1);
  CHECK(failed.err.empty());
  const auto events = json_lines(failed.out);
  const auto report = std::find_if(events.begin(), events.end(),
                                   [](const Node& event) { return event.text_at("type") == "step_failed"; });
  REQUIRE(report != events.end());
  CHECK(report->text_at("component") == "object-store");
  CHECK(contains(report->text_at("command"), "helm upgrade object-store"));
  CHECK_FALSE(report->find("skipped")->items.empty());
  CHECK(events.back().text_at("type") == "run_finished");
  CHECK(events.back().text_at("ok") == "false");
}

TEST_CASE("with -o json a mistake is one document", "[e2e][output]") {
  Workbench bench;
  const auto flavour = bench.folder().write("bad.yaml", "project:\n  flavour: [notebok]\n");
  for (const auto& words : std::vector<std::vector<std::string>>{{"install", "-f", flavour, "-o", "json"},
                                                                 {"plan", "-f", flavour, "-ojson"},
                                                                 {"run", "-l", "-r", "-i", "-f", flavour, "-o", "json"},
                                                                 {"nonsense", "-o", "json"},
                                                                 {"uninstall", "-f", "quickstart", "-o", "json"}}) {
    INFO(support::join(words, " "));
    const auto result = bench.run(words);
    CHECK(result.exit_code == 2);
    CHECK(result.err.empty());
    const auto document = json_document(result.out);
    CHECK(document.text_at("exit_code") == "2");
    CHECK_FALSE(document.find("diagnostics")->items.empty());
  }
  const auto document = json_document(bench.run({"install", "-f", flavour, "-o", "json"}).out);
  const auto& diagnostic = document.find("diagnostics")->items.front();
  CHECK(diagnostic.text_at("file") == flavour);
  CHECK(diagnostic.text_at("line") == "2");
  CHECK(diagnostic.text_at("column") == "13");
  CHECK(contains(diagnostic.text_at("hint"), "notebook"));
}

TEST_CASE("commands that look print one JSON document", "[e2e][output]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  for (const auto* line : {"plan -f quickstart -o json", "plan -f quickstart --action uninstall -o json",
                           "status -o json", "validate -f quickstart -o json", "validate -o json", "doctor -o json",
                           "tools list -o json", "list flavours -o json", "list components -o json",
                           "list targets -o json", "list providers -o json", "config show -f quickstart -o json",
                           "config explain project.k8s_namespace -f quickstart -o json", "version -o json"}) {
    INFO(line);
    const auto result = bench(line);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(json_document(result.out).text_at("v") == "1");
  }
}

TEST_CASE("status -o json says what is installed", "[e2e][output]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  const auto status = json_document(bench("status -o json").out);
  CHECK(status.find("cluster")->text_at("state") == "running");
  CHECK(status.find("cluster")->text_at("simulated") == "true");
  CHECK(status.find("cluster")->text_at("nodes") == "3");
  const auto& components = status.find("components")->items;
  REQUIRE(components.size() == 2);
  CHECK(components[0].text_at("name") == "notebook");
  CHECK(components[0].find("releases")->items.front().text_at("status") == "deployed");
  CHECK(status.find("pods")->text_at("ready") == "2");
}

TEST_CASE("progress goes to stderr, results to stdout", "[e2e][output]") {
  Workbench bench;
  const auto result = bench("install -f quickstart");
  CHECK_FALSE(contains(result.out, "[0/"));
  CHECK(contains(result.out, "Installed on"));
  CHECK(contains(result.out, "Secret data-mill/notebook-token (token)"));
  CHECK(contains(result.err, "Install release notebook"));
  CHECK_FALSE(contains(result.out + result.err, "\x1b["));
  const auto quiet = bench("install -f quickstart --reinstall -q");
  CHECK(quiet.exit_code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
}

TEST_CASE("-v shows the commands that run, as plan prints them", "[e2e][output]") {
  Workbench bench;
  const auto result = bench("install -f quickstart -v");
  CHECK(contains(result.err, "$ helm upgrade notebook "));
  CHECK(contains(result.err, "--kubeconfig " + bench.kubeconfig()));
}

TEST_CASE("a terminal gets colour, unless it is not wanted", "[e2e][output]") {
  Workbench bench;
  bench.environment["TERM"] = "xterm-256color";
  CHECK(contains(bench.start({"install", "-f", "quickstart"}, Terminal::in_and_err)->wait().err, "\x1b["));
  bench.environment["NO_COLOR"] = "1";
  const auto plain = bench.start({"install", "-f", "nowhere"}, Terminal::in_and_err)->wait();
  CHECK(contains(plain.err, "error[DM"));
  CHECK_FALSE(contains(plain.err, "\x1b[3"));
}

TEST_CASE("a terminal that has no UTF-8 gets ASCII", "[e2e][output]") {
  Workbench bench;
  bench.environment["TERM"] = "xterm-256color";
  bench.rules({R"({"has":["helm upgrade object-store"],"exit":1,"stderr":"gr\u00fc\u00df \u2192 \u65e5"})"});
  const auto utf8 = bench.start({"install", "-f", "quickstart", "-vv"}, Terminal::all)->wait();
  CHECK(contains(utf8.err, "gr\u00fc\u00df \u2192 \u65e5"));
  bench.environment["LC_ALL"] = "C";
  for (const auto& arguments : {std::vector<std::string>{"install", "-f", "quickstart", "-vv"},
                                std::vector<std::string>{"install", "-f", "quickstart", "-vv", "-o", "json"},
                                std::vector<std::string>{"runs", "show", "last"},
                                std::vector<std::string>{"install", "-f", "gr\u00fc\u00df \u2192 \u65e5"}}) {
    const auto screen = bench.start(arguments, Terminal::all)->wait().err;
    INFO(screen);
    CHECK(contains(screen, "gr?? -> ??"));
    CHECK(std::all_of(screen.begin(), screen.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; }));
  }
  // What is no terminal stays UTF-8.
  CHECK(contains(bench("install -f quickstart -vv").err, "gr\u00fc\u00df \u2192 \u65e5"));
}

TEST_CASE("help is there for every command and begins with examples", "[e2e][output]") {
  Workbench bench;
  const auto overview = bench("--help");
  CHECK(overview.exit_code == 0);
  CHECK(overview.out.starts_with("Examples"));
  for (const auto* command : {"run", "install", "uninstall", "start", "stop", "destroy", "plan", "validate", "status",
                              "list", "config", "doctor", "tools", "version"}) {
    INFO(command);
    CHECK(contains(overview.out, std::string("  ") + command));
    Workbench other;
    auto program = other.start({command, "--help", "--location", "local"});
    const auto help = program->wait();
    CHECK(help.exit_code == 0);
    CHECK(help.out.starts_with("Examples"));
  }
}

}  // namespace datamill::tests

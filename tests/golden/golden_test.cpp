// The plan of every flavour on every kind of target, as text.
#include "support/golden.hpp"
#include "support/workbench.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

namespace datamill::tests {

namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(DATAMILL_SOURCE_DIR) / "tests/golden";

std::vector<std::string> flavours() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(DATAMILL_SOURCE_DIR) / "flavours")) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// A machine without any tool: programs stand there by name, and nothing is asked.
void clear_machine(Workbench& bench) {
  bench.environment["PATH"] = bench.folder().path("nothing");
  bench.environment["KUBECONFIG"] = "";
  (void)bench.folder().write("home/.kube/config", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\n");
}

constexpr std::array<const char*, 4> kTargets{"kwok", "embedded", "minikube", "existing"};
constexpr std::array<const char*, 3> kGraphs{"text", "dot", "mermaid"};
constexpr std::array<const char*, 5> kActions{"install", "uninstall", "start", "stop", "destroy"};

/// What we did not make we neither stop nor destroy.
bool has_plan(const std::string& target, const std::string& action) {
  return target != "existing" || (action != "stop" && action != "destroy");
}

}  // namespace

TEST_CASE("plans are what was accepted", "[golden][plans]") {
  Workbench bench;
  clear_machine(bench);
  for (const auto& flavour : flavours()) {
    for (const std::string target : kTargets) {
      for (const std::string action : kActions) {
        const auto location = target == "existing" ? "hybrid" : "local";
        const auto result =
            bench.run({"plan", "-f", flavour, "-t", target, "--location", location, "--action", action});
        if (!has_plan(target, action)) {
          CHECK(result.exit_code == 2);
          CHECK(support::contains(result.err, "datamill did not make this cluster"));
          continue;
        }
        CHECK(result.exit_code == 0);
        check_golden(kFolder / (flavour + "/" + target + "-" + action + ".txt"),
                     support::replace_all(result.out, bench.home(), "$HOME"));
      }
    }
  }
  CHECK(bench.calls().empty());
}

TEST_CASE("graphs of components are what was accepted", "[golden][graphs]") {
  Workbench bench;
  clear_machine(bench);
  for (const auto& flavour : flavours()) {
    for (const std::string format : kGraphs) {
      const auto graph = bench.run({"graph", "-f", flavour, "-t", "kwok", "-o", format});
      CHECK(graph.exit_code == 0);
      check_golden(kFolder / (flavour + "/graph-" + format + ".txt"), graph.out);
      if (format == "text") continue;
      CHECK(bench.run({"plan", "-f", flavour, "-t", "kwok", "-o", format}).out == graph.out);
    }
  }
  CHECK(bench.calls().empty());
}

TEST_CASE("every golden file belongs to a plan", "[golden][plans]") {
  std::set<std::string> wanted;
  for (const auto& flavour : flavours()) {
    for (const std::string format : kGraphs)
      wanted.insert((kFolder / flavour / ("graph-" + format + ".txt")).string());
    for (const std::string target : kTargets) {
      for (const std::string action : kActions)
        if (has_plan(target, action)) wanted.insert((kFolder / flavour / (target + "-" + action + ".txt")).string());
    }
  }
  for (const auto& entry : fs::recursive_directory_iterator(kFolder)) {
    INFO(entry.path().string());
    if (entry.path().extension() == ".txt") CHECK(wanted.count(entry.path().string()) == 1);
  }
}

TEST_CASE("every component of the catalogue plans alone", "[golden][components]") {
  Workbench bench;
  clear_machine(bench);
  const auto list = json_document(bench("list components -o json").out);
  std::size_t planned = 0;
  for (const auto& row : list.find("components")->items) {
    const auto name = std::string(row.text_at("name"));
    INFO(name);
    const auto result = bench.run({"plan", "-c", name, "-t", "kwok"});
    if (row.text_at("category") == "-") {
      // Retired: its successor is planned, or the reason is said.
      CHECK((result.exit_code == 0 || result.exit_code == 2));
      CHECK(support::contains(result.err, name));
      continue;
    }
    ++planned;
    CHECK(result.exit_code == 0);
    CHECK(support::contains(result.out, name + " in "));
  }
  CHECK(planned >= 8);
  CHECK(bench("validate").exit_code == 0);
  CHECK(bench.calls().empty());
}

TEST_CASE("a plan is the same whatever the machine has", "[golden][plans]") {
  Workbench bare;
  clear_machine(bare);
  Workbench full;
  full.working_directory = full.home();
  full.environment["XDG_STATE_HOME"] = full.folder().path("elsewhere");
  full.environment["TERM"] = "xterm";
  full.environment["COLUMNS"] = "40";
  for (const auto* action : {"install", "uninstall", "start", "stop", "destroy"}) {
    const auto line = std::string("plan -f ds -t kwok --action ") + action;
    CHECK(first_difference(bare(line).out, full(line).out) == "");
    CHECK(bare(line).out == bare(line).out);
  }
}

}  // namespace datamill::tests

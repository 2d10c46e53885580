// The canary: what was generated is in the cluster's Secrets and on standard input, and nowhere else.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>

#include <unistd.h>

namespace datamill::tests {

namespace {

namespace fs = std::filesystem;
using support::contains;
using namespace std::chrono_literals;

/// The values that the plan says are generated, as the cluster has them now.
std::vector<std::string> generated(Workbench& bench, const std::string& flavour) {
  const auto plan = json_document(bench.run({"plan", "-f", flavour, "-o", "json", "--offline"}).out);
  std::vector<std::string> values;
  for (const auto& step : plan.find("steps")->items) {
    const auto* list = step.find_path({"secrets", "generate"});
    if (list == nullptr) continue;
    for (const auto& item : list->items) {
      const auto name = std::string(item.text_at("secret"));
      const auto slash = name.find('/');
      const auto dot = name.find('.', slash);
      values.push_back(
          bench.secret(name.substr(0, slash), name.substr(slash + 1, dot - slash - 1), name.substr(dot + 1)));
    }
  }
  return values;
}

/// Which of the values `text` holds, plain or as base64.
std::string found_in(const std::string& text, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    // Of base64 the middle: its ends depend on what stands beside the value.
    const auto encoded = support::base64_encode(value);
    if (contains(text, value) || contains(text, encoded.substr(0, encoded.size() - 4))) return value;
  }
  return {};
}

std::string all_files(const std::string& folder) {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) text += entry.path().string() + "\n" + TempFolder::read(entry.path().string()) + "\n";
  }
  return text;
}

/// A file of /proc, whose process may end meanwhile.
std::string read_proc(const std::string& path) {
  std::string text(65536, '\0');
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const auto size = fd < 0 ? -1 : read(fd, text.data(), text.size());
  if (fd >= 0) close(fd);
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

/// Command lines and environments of all processes that can be looked at.
std::string look_at_processes() {
  std::string text;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    for (const auto* file : {"/cmdline", "/environ"})
      text += read_proc(entry.path().string() + file) + "\n";
  }
  return text;
}

void check_nowhere(const Workbench& bench, const std::vector<std::string>& texts,
                   const std::vector<std::string>& values) {
  for (const auto& text : texts)
    CHECK(found_in(text, values) == "");
  for (const auto& call : bench.calls()) {
    INFO(call.line());
    CHECK(found_in(call.line(), values) == "");
    for (const auto& [name, value] : call.env)
      CHECK(found_in(value, values) == "");
  }
  CHECK(found_in(all_files(bench.state()), values) == "");
  CHECK(found_in(all_files(bench.cache()), values) == "");
}

}  // namespace

TEST_CASE("generated values are nowhere but in the cluster", "[e2e][secrets]") {
  Workbench bench;
  // Some children stay for a moment, so that /proc can be looked at while they run.
  bench.rules({R"({"has":["kubectl create"],"sleep_ms":60})", R"({"has":["helm upgrade"],"sleep_ms":60})"});
  auto program = bench.start({"install", "-f", "ds", "-vv"});
  std::string processes;
  while (program->running())
    processes += look_at_processes();
  const auto result = program->wait();
  REQUIRE(result.exit_code == 0);
  const auto values = generated(bench, "ds");
  REQUIRE(values.size() > 8);
  for (const auto& value : values)
    CHECK(value.size() >= 20);

  // The search finds what there is to be found.
  std::string inputs;
  for (const auto& call : bench.calls())
    inputs += call.input.value_or("");
  for (const auto& value : values)
    CHECK(found_in(inputs, {value}) == value);
  CHECK(contains(processes, "kubectl"));

  check_nowhere(bench, {processes, result.out, result.err}, values);
  check_nowhere(bench,
                {bench("plan -f ds").out, bench("plan -f ds -o json --reinstall").out,
                 bench("plan -f ds -o shell --reinstall").out, bench("status -o json").out,
                 bench("install -f ds --reinstall -o json").out, bench("uninstall -f ds --yes -vv").err},
                values);
}

TEST_CASE("a Secret that is read again is not shown", "[e2e][secrets]") {
  Workbench bench;
  REQUIRE(bench("install -f datalake").exit_code == 0);
  const auto password = bench.secret("data-mill", "lakefs-db", "password");
  REQUIRE_FALSE(password.empty());
  // What is derived from it is gone: it must be read to be made again.
  auto cluster = bench.cluster();
  cluster.remove(*cluster.find("Secret", "data-mill", "lakefs-keys"));
  bench.forget_calls();
  const auto result = bench("install -f datalake -vv");
  REQUIRE(result.exit_code == 0);
  CHECK(bench.count("get secret lakefs-db") == 1);
  CHECK(contains(bench.secret("data-mill", "lakefs-keys", "database_connection_string"), password));
  CHECK(bench.secret("data-mill", "lakefs-db", "password") == password);
  check_nowhere(bench, {result.out, result.err}, {password});
}

TEST_CASE("a tool that prints a secret is not repeated", "[e2e][secrets]") {
  Workbench bench;
  bench.rules({R"({"has":["kubectl create"],"echo_input":true,"exit":1,"stderr":"Error: no"})"});
  const std::string format = GENERATE("text", "json");
  const auto result = bench.run({"install", "-f", "quickstart", "-vv", "-o", format});
  CHECK(result.exit_code == 1);
  std::vector<std::string> values;
  for (const auto& call : bench.calls([](const ToolCall& c) { return c.has("kubectl create"); })) {
    const auto manifest = support::read_json(call.input.value_or(""), "a manifest");
    for (const auto& entry : manifest.find("stringData")->entries)
      values.push_back(entry.value.scalar);
  }
  REQUIRE_FALSE(values.empty());
  CHECK(contains(result.err + result.out, "«redacted»"));
  check_nowhere(bench, {result.out, result.err}, values);
}

TEST_CASE("what holds credentials is for the user alone", "[e2e][secrets]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  const auto mode = [](const std::string& path) { return fs::status(path).permissions() & fs::perms::mask; };
  CHECK(mode(bench.kubeconfig()) == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(mode(bench.state()) == fs::perms::owner_all);
  for (const auto& entry : fs::recursive_directory_iterator(bench.state() + "/runs")) {
    INFO(entry.path().string());
    CHECK((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  }
}

}  // namespace datamill::tests

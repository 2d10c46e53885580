// Around a pod: logs, events, exec, kubeconfig, open and proxy, on a pretended existing cluster whose pods "run".
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <csignal>
#include <filesystem>
#include <thread>

namespace datamill::tests {

namespace {

namespace fs = std::filesystem;
using support::contains;
using support::Node;
using namespace std::chrono_literals;

constexpr const char* kKubeconfig = "apiVersion: v1\nkind: Config\ncurrent-context: theirs\ncontexts: [{name: theirs, "
                                    "context: {cluster: c, user: u}}]\n";

/// A workbench with quickstart on an existing cluster, which all further commands mean.
struct PodBench : Workbench {
  std::string file = folder().write("theirs.yaml", kKubeconfig);

  PodBench() {
    environment["DATAMILL_LOCATION"] = "hybrid";
    environment["DATAMILL_KUBECONFIG"] = file;
    REQUIRE(run({"install", "-f", "quickstart", "--location", "hybrid"}).exit_code == 0);
    forget_calls();
  }

  [[nodiscard]] fake::Cluster theirs() const { return cluster(file); }

  /// A pod of the notebook's release; `status` is JSON, "" for one that runs.
  void put_pod(const std::string& name, const std::string& status = {}) const {
    auto pod =
        fake::make_object("v1", "Pod", "data-mill", name, {.labels = {{"app.kubernetes.io/instance", "notebook"}}});
    if (!status.empty()) pod.body.set("status", support::read_json(status, "a status"));
    theirs().put(std::move(pod));
  }

  void remove_pod(const std::string& name) const {
    const auto pod = theirs().find("Pod", "data-mill", name);
    REQUIRE(pod);
    theirs().remove(*pod);
  }
};

bool is_gone(pid_t pid) {
  for (int i = 0; i < 400; ++i) {
    if (kill(pid, 0) != 0) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

bool wait_for_text(Program& program, const std::string& text) {
  for (int i = 0; i < 3000 && program.running(); ++i) {
    if (contains(program.err_so_far(), text)) return true;
    std::this_thread::sleep_for(5ms);
  }
  return contains(program.err_so_far(), text);
}

/// Everything that was started has ended.
bool nobody_is_left(const Workbench& bench) {
  const auto calls = bench.calls();
  return std::all_of(calls.begin(), calls.end(), [](const ToolCall& call) { return is_gone(call.pid); });
}

std::vector<Node> json_lines(const std::string& text) {
  std::vector<Node> lines;
  for (const auto& line : support::split_lines(support::trim(text)))
    lines.push_back(support::read_json(line, "output"));
  return lines;
}

const std::string kTwoContainers =
    R"({"phase":"Running","ready":"True","initContainerStatuses":[{"name":"prepare","restartCount":"0",)"
    R"("state":{"terminated":{"reason":"Completed"}}}],"containerStatuses":[{"name":"main","restartCount":"2",)"
    R"("state":{"running":{}}},{"name":"sidecar","restartCount":"0","state":{"running":{}}}]})";
const std::string kNoImage =
    R"({"phase":"Pending","ready":"False","containerStatuses":[{"name":"main","restartCount":"0",)"
    R"("state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]})";

}  // namespace

TEST_CASE("logs prints every container of every pod, each line with its place", "[e2e][pods]") {
  PodBench bench;
  bench.put_pod("notebook-1", kTwoContainers);
  bench.put_pod("notebook-2", kNoImage);
  auto result = bench("logs notebook --since 10m --tail 1");
  CHECK(result.exit_code == 0);
  CHECK(result.out == "notebook-0/main line 3 of main\nnotebook-1/prepare line 3 of prepare\n"
                      "notebook-1/main line 3 of main\nnotebook-1/sidecar line 3 of sidecar\n");
  CHECK(bench.count("kubectl logs") == 4);
  CHECK(bench.count("--since=600s --tail=1") == 4);

  SECTION("before the last restart") {
    result = bench("logs notebook --previous");
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "notebook-1/main old line 1 of main\n"));
    CHECK_FALSE(contains(result.out, "notebook-0"));
  }
  SECTION("as JSON lines, with times") {
    result = bench("logs components/notebook -o json --tail 2 --container main");
    CHECK(result.exit_code == 0);
    const auto lines = json_lines(result.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].text_at("type") == "log");
    CHECK(lines[0].text_at("pod") == "notebook-0");
    CHECK(lines[0].text_at("container") == "main");
    CHECK(lines[0].text_at("time") == "2026-11-21T11:00:00.5Z");
    CHECK(lines[0].text_at("text") == "line 2 of main");
  }
  SECTION("one that cannot be read is said at the end, and the others are there") {
    bench.rules({R"({"has":["logs notebook-0"],"exit":1,"stderr":"Error from server: no such host"})"});
    result = bench("logs notebook --tail 1");
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err,
                   "error[DM025]: the log of notebook-0/main cannot be read: Error from server: no such host"));
    CHECK(contains(result.out, "notebook-1/sidecar line 3"));
  }
  SECTION("in colour where it is asked for") {
    result = bench("logs notebook --tail 1 --color always");
    CHECK(contains(result.out, "\x1b[36mnotebook-0/main\x1b[0m line 3"));
    CHECK(contains(result.out, "\x1b[33mnotebook-1/main\x1b[0m line 3"));
  }
}

TEST_CASE("logs --follow goes on until Ctrl-C and leaves nobody", "[e2e][pods]") {
  PodBench bench;
  auto program = bench.start({"logs", "notebook", "-F", "--tail", "1"});
  REQUIRE(bench.wait_for_call("kubectl logs notebook-0"));

  SECTION("the first pod only") {
    program->signal(SIGINT);
    const auto result = program->wait(15s);
    CHECK(result.exit_code == 130);
    CHECK(result.elapsed < 10s);
  }
  SECTION("a pod that comes later is picked up, with all it has written") {
    bench.put_pod("notebook-9");
    REQUIRE(wait_for_text(*program, "notebook-9/main has started"));
    REQUIRE(bench.wait_for_call("kubectl logs notebook-9"));
    std::this_thread::sleep_for(200ms);
    program->signal(SIGTERM);
    const auto result = program->wait(15s);
    CHECK(result.exit_code == 143);
    CHECK(contains(result.out, "notebook-9/main line 1 of main\n"));
    CHECK_FALSE(contains(result.out, "notebook-0/main line 1"));
  }
  CHECK(nobody_is_left(bench));
}

TEST_CASE("logs says why there is nothing to print", "[e2e][pods]") {
  PodBench bench;
  bench.remove_pod("notebook-0");

  SECTION("no pods") {
    const auto result = bench("logs notebook");
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "error[DM024]: notebook has no pods in namespace data-mill"));
    CHECK(contains(result.err, "Deployment notebook wants 1 pods"));
  }
  SECTION("no container has started") {
    bench.put_pod("notebook-2", kNoImage);
    auto result = bench("logs notebook");
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "error[DM025]: no container of notebook has started yet"));
    CHECK(contains(result.err, "pod notebook-2: Pending, main: ImagePullBackOff: Back-off pulling image"));
    bench.put_pod("notebook-3");
    result = bench("logs notebook --pod notebook-2");
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "error[DM025]"));
    bench.remove_pod("notebook-3");
    result = bench("exec notebook");
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "error[DM026]: no pod of notebook is ready"));
    CHECK(contains(result.err, "ImagePullBackOff"));
  }
  CHECK(bench.count("kubectl logs") == 0);
}

TEST_CASE("a component in several namespaces has to be said with its namespace", "[e2e][pods]") {
  PodBench bench;
  REQUIRE(bench.run({"install", "-f", "quickstart", "--location", "hybrid", "-n", "second"}).exit_code == 0);
  // The flavour's own namespace counts where nothing else is said.
  CHECK(bench("logs notebook").exit_code == 0);
  CHECK(bench("logs notebook -n second --tail 1").out == "notebook-0/main line 3 of main\n");
  const auto result = bench("logs notebook -n third");
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "error[DM023]: notebook is installed in several namespaces"));
  CHECK(contains(result.err, "-n data-mill, -n second"));
}

TEST_CASE("logs does not follow what has ended", "[e2e][pods]") {
  Workbench bench;
  const auto result = bench("logs notebook --follow --previous");
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "error[DM030]: "));
  CHECK(bench.calls().empty());
}

TEST_CASE("exec ends with the remote command's exit code", "[e2e][pods]") {
  PodBench bench;
  CHECK(bench.run({"exec", "notebook", "--", "exit", "42"}).exit_code == 42);
  CHECK(bench.run({"exec", "notebook", "--", "exit", "0"}).exit_code == 0);

  auto result = bench.run({"exec", "notebook", "--", "echo", "a b"});
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "in notebook-0: echo a b;"));
  const auto calls = bench.calls([](const ToolCall& call) { return call.has("exec notebook-0"); });
  REQUIRE(calls.size() == 3);
  CHECK(calls.back().args.back() == "a b");
  CHECK(calls.back().has("--stdin -- echo"));

  SECTION("a shell where no command is given") {
    result = bench("exec notebook");
    CHECK(contains(result.out, "in notebook-0: sh;"));
    CHECK_FALSE(contains(result.err, "--pod"));
  }
  SECTION("several ready pods: the first, and it says so") {
    bench.put_pod("notebook-1", kTwoContainers);
    result = bench("exec notebook");
    CHECK(contains(result.out, "in notebook-0: sh;"));
    CHECK(contains(result.err, "in pod notebook-0, one of 2: choose with --pod"));
    result = bench("exec notebook --pod notebook-1 --container sidecar");
    CHECK(contains(result.out, "in notebook-1: sh;"));
    CHECK(bench.count("exec notebook-1 --kubeconfig") + bench.count("--container sidecar --stdin") >= 1);
  }
  SECTION("names that are none") {
    result = bench("exec notebook --pod notebok-0");
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "error[DM027]: notebook has no pod \"notebok-0\""));
    CHECK(contains(result.err, "did you mean \"notebook-0\"?"));
    result = bench("exec notebook --container x");
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "its containers: main"));
  }
  SECTION("SIGTERM is handed on") {
    auto program = bench.start({"exec", "notebook", "--", "hold"});
    REQUIRE(bench.wait_for_call("-- hold"));
    program->signal(SIGTERM);
    CHECK(program->wait(15s).exit_code == 143);
    CHECK(nobody_is_left(bench));
  }
  SECTION("Ctrl-C on a terminal reaches the command, not us") {
    auto program = bench.start({"exec", "notebook", "--", "hold"}, Terminal::in_and_err);
    REQUIRE(bench.wait_for_call("-- hold"));
    program->type("\x03");
    CHECK(program->wait(15s).exit_code == 130);
    const auto held = bench.calls([](const ToolCall& call) { return call.has("-- hold"); });
    REQUIRE(held.size() == 1);
    CHECK(held.front().signals == std::vector<int>{SIGINT});
  }
}

TEST_CASE("exec hands a terminal on only where there is one", "[e2e][pods]") {
  PodBench bench;
  SECTION("input and output are one: size and keys reach the shell") {
    auto program = bench.start({"exec", "notebook"}, Terminal::all);
    REQUIRE(wait_for_text(*program, "40 lines, 120 columns"));
    CHECK(bench.count("exec notebook-0") == 1);
    CHECK(bench.count("--stdin --tty -- sh") == 1);
    program->resize(50, 200);
    CHECK(wait_for_text(*program, "50 lines, 200 columns"));
    CHECK_FALSE(program->terminal_is_as_before());
    program->type("\x03");
    CHECK(wait_for_text(*program, "key 3\r"));
    CHECK(program->running());
    program->type("q");
    CHECK(program->wait(15s).exit_code == 7);
    CHECK(program->terminal_is_as_before());
  }
  SECTION("output goes elsewhere") {
    auto program = bench.start({"exec", "notebook"}, Terminal::in_and_err);
    CHECK(program->wait(15s).exit_code == 0);
    CHECK(bench.count("--stdin -- sh") == 1);
  }
  SECTION("none") {
    CHECK(bench("exec notebook").exit_code == 0);
    CHECK(bench.count("--stdin -- sh") == 1);
  }
}

TEST_CASE("simulated pods: one sentence, and nothing is started", "[e2e][pods]") {
  Workbench bench;
  bench.environment["DATAMILL_TARGET"] = "kwok";
  for (const auto* line : {"logs notebook", "exec notebook", "open notebook", "proxy", "run -l -p"}) {
    INFO(line);
    const auto result = bench(line);
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "error[DM021]: "));
    CHECK(contains(result.err, "needs pods that run, and those of local cluster datamill (kwok) are simulated\n"));
  }
  CHECK(bench.calls().empty());

  SECTION("events and kubeconfig work there") {
    auto result = bench("kubeconfig");
    CHECK(result.exit_code == 4);
    CHECK(contains(result.err, "error[DM020]: there is no local cluster datamill (kwok)"));
    CHECK(bench("events").exit_code == 4);
    CHECK(bench.calls().empty());
    REQUIRE(bench("install -f quickstart").exit_code == 0);
    bench.forget_calls();
    CHECK(bench("kubeconfig").out == bench.kubeconfig() + "\n");
    CHECK(bench("kubeconfig --export").out == "export KUBECONFIG=" + bench.kubeconfig() + "\n");
    CHECK(json_document(bench("kubeconfig -o json").out).text_at("kubeconfig") == bench.kubeconfig());
    CHECK(bench.calls().empty());
    CHECK(bench("events notebook").exit_code == 0);
  }
}

TEST_CASE("a component that is not there", "[e2e][pods]") {
  PodBench bench;
  for (const auto* command : {"logs", "events", "exec", "open"}) {
    INFO(command);
    auto result = bench.run({command, "mlflow"});
    CHECK(result.exit_code == 7);
    CHECK(contains(result.err, "error[DM022]: mlflow is not installed on"));
    CHECK(contains(result.err, "installed there: notebook, object-store"));
    result = bench.run({command, "notebok"});
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "unknown component \"notebok\""));
    CHECK(contains(result.err, "did you mean \"notebook\"?"));
  }
  bench.rules(
      {R"({"has":["kubectl get"],"exit":1,"stderr":"The connection to the server 10.0.0.1:6443 was refused"})"});
  for (const auto* command : {"logs", "events", "exec", "open"}) {
    INFO(command);
    CHECK(bench.run({command, "notebook"}).exit_code == 4);
  }
  const auto result = bench("logs notebook -o json");
  CHECK(json_document(result.out).text_at("exit_code") == "4");
}

TEST_CASE("events are sorted by time and only of the component", "[e2e][pods]") {
  PodBench bench;
  const auto put = [&](const std::string& name, const std::string& time, const std::string& kind,
                       const std::string& object, const std::string& message) {
    auto event = fake::make_object("v1", "Event", "data-mill", name);
    auto involved = Node::map();
    involved.set("kind", Node::text(kind));
    involved.set("name", Node::text(object));
    event.body.set("involvedObject", std::move(involved));
    event.body.set("lastTimestamp", Node::text(time));
    event.body.set("type", Node::text("Warning"));
    event.body.set("reason", Node::text("Because"));
    event.body.set("message", Node::text(message));
    bench.theirs().put(std::move(event));
  };
  put("a", "2026-11-21T12:00:02Z", "Pod", "notebook-0", "second");
  put("b", "2026-11-21T12:00:01Z", "Deployment", "notebook", "first");
  put("c", "2026-11-21T12:00:03Z", "Pod", "notebook-5f6d-gone", "third");
  put("d", "2026-11-21T12:00:00Z", "Pod", "object-store-0", "other");

  auto result = bench("events notebook");
  CHECK(result.exit_code == 0);
  const auto first = result.out.find("first");
  const auto second = result.out.find("second");
  const auto third = result.out.find("third");
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third != std::string::npos);
  CHECK_FALSE(contains(result.out, "other"));
  CHECK(contains(result.out, "Pod/notebook-0"));
  CHECK(contains(result.out, "AGE"));

  const auto document = json_document(bench("events -o json").out);
  REQUIRE(document.find("events")->items.size() == 4);
  CHECK(document.find("events")->items.front().text_at("message") == "other");
  CHECK(document.find("events")->items.front().text_at("time") == "2026-11-21T12:00:00Z");
}

TEST_CASE("open prints the URL and where the token is, never the token", "[e2e][pods]") {
  PodBench bench;
  const auto object = bench.theirs().find("Secret", "data-mill", "notebook-token");
  REQUIRE(object);
  const auto token = support::base64_decode(object->body.find_path({"data", "token"})->scalar);
  auto program = bench.start({"open", "notebook"});
  REQUIRE(wait_for_text(*program, "Ctrl-C ends it"));
  program->signal(SIGINT);
  const auto result = program->wait(15s);
  CHECK(result.exit_code == 130);
  CHECK(result.out.starts_with("http://127.0.0.1:40123/lab\n"));
  CHECK(contains(result.out, "token is in Secret data-mill/notebook-token"));
  CHECK(contains(result.out, "get secret notebook-token"));
  CHECK_FALSE(contains(result.out + result.err, token));
  CHECK(bench.count("port-forward service/notebook :8888") == 1);
  CHECK(bench.count("--address 127.0.0.1") == 1);
  CHECK(bench.count("get secret notebook-token") == 0);
  CHECK(nobody_is_left(bench));
}

TEST_CASE("open names no login where nobody is asked for one", "[e2e][pods]") {
  PodBench bench;
  REQUIRE(bench.run({"install", "-c", "seaweedfs", "-n", "lake", "--location", "hybrid"}).exit_code == 0);
  bench.theirs().put(fake::make_object("v1", "Service", "lake", "seaweedfs-all-in-one"));
  auto program = bench.start({"open", "seaweedfs"});
  REQUIRE(wait_for_text(*program, "Ctrl-C ends it"));
  program->signal(SIGINT);
  // The keys of Secret seaweedfs-s3 are for S3, another port.
  CHECK(program->wait(15s).out == "http://127.0.0.1:40123/\n");
  CHECK(bench.count("port-forward service/seaweedfs-all-in-one :8888") == 1);
}

TEST_CASE("open forwards again when the pod is replaced", "[e2e][pods]") {
  PodBench bench;
  bench.rules({R"({"has":["port-forward"],"times":1,"stdout":"Forwarding from 127.0.0.1:40777 -> 8888",)"
               R"("stderr":"error: lost connection to pod","exit":1})"});
  auto program = bench.start({"open", "notebook", "-o", "json"});
  // The second one asks for the port of the first: the URL stays good.
  REQUIRE(bench.wait_for_call("port-forward service/notebook 40777:8888"));
  program->signal(SIGINT);
  const auto result = program->wait(15s);
  CHECK(result.exit_code == 130);
  const auto document = json_document(result.out);
  CHECK(document.text_at("url") == "http://127.0.0.1:40777/lab");
  REQUIRE(document.find("credentials")->items.size() == 1);
  CHECK(document.find("credentials")->items.front().text_at("secret") == "notebook-token");
  CHECK(nobody_is_left(bench));
}

TEST_CASE("what install says to open can be typed", "[e2e][pods]") {
  PodBench bench;
  const auto installed = bench.run({"install", "-f", "quickstart", "-c", "notebook", "--reinstall", "-n", "second",
                                    "--location", "hybrid", "--kubeconfig", bench.file, "--kube-context", "theirs"});
  REQUIRE(installed.exit_code == 0);
  CHECK_FALSE(contains(installed.out, "port-forward"));
  CHECK(contains(installed.out, "Secret second/notebook-token (token)"));
  const auto line =
      "open notebook --location hybrid -f quickstart -n second --kubeconfig " + bench.file + " --kube-context theirs";
  REQUIRE(contains(installed.out, "Open\n"));
  REQUIRE(contains(installed.out, "notebook           " DATAMILL_PROGRAM " " + line + "  # /lab\n"));
  // Without the environment that PodBench sets the line has to say it all.
  bench.environment.erase("DATAMILL_LOCATION");
  bench.environment.erase("DATAMILL_KUBECONFIG");
  auto program = bench.start(support::split_list(line, " "));
  REQUIRE(wait_for_text(*program, "Ctrl-C ends it"));
  program->signal(SIGINT);
  CHECK(program->wait(15s).out.starts_with("http://127.0.0.1:40123/lab\n"));
  const auto forwards =
      bench.calls([](const ToolCall& call) { return call.has("port-forward service/notebook :8888"); });
  REQUIRE(forwards.size() == 1);
  CHECK(forwards.front().has("--namespace second"));
}

TEST_CASE("open says why it cannot", "[e2e][pods]") {
  PodBench bench;
  SECTION("the Service is not there") {
    const auto service = bench.theirs().find("Service", "data-mill", "notebook");
    REQUIRE(service);
    bench.theirs().remove(*service);
    const auto result = bench("open notebook");
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "error[DM029]: the forwarding to service/notebook cannot be opened"));
    CHECK(contains(result.err, "\"notebook\" not found"));
  }
  SECTION("nothing to open") {
    REQUIRE(bench.run({"install", "-c", "postgres", "--location", "hybrid"}).exit_code == 0);
    const auto result = bench("open postgres");
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "error[DM028]: postgres has nothing to open"));
  }
  CHECK(nobody_is_left(bench));
}

TEST_CASE("open starts a browser only on a desktop", "[e2e][pods]") {
  PodBench bench;
  const auto bin = bench.folder().path("desktop");
  fs::create_directories(bin);
  fs::create_symlink(fs::path(DATAMILL_FAKES) / "bin" / "kubectl", bin + "/xdg-open");
  fs::create_symlink(fs::path(DATAMILL_FAKES) / "bin" / "kubectl", bin + "/setsid");
  bench.environment["PATH"] += ":" + bin;
  bench.rules({R"({"has":["setsid"],"exit":0})"});
  std::vector<std::string> line{"open", "notebook"};
  std::size_t browsers = 0;
  SECTION("no desktop") {}
  SECTION("a desktop") {
    bench.environment["WAYLAND_DISPLAY"] = "wayland-0";
    browsers = 1;
  }
  SECTION("a desktop, and nobody wants it") {
    bench.environment["DISPLAY"] = ":0";
    line.emplace_back("--no-browser");
  }
  auto program = bench.start(line);
  REQUIRE(wait_for_text(*program, "Ctrl-C ends it"));
  if (browsers > 0) REQUIRE(bench.wait_for_call("xdg-open http://127.0.0.1:40123/lab"));
  program->signal(SIGINT);
  CHECK(program->wait(15s).exit_code == 130);
  CHECK(bench.count("xdg-open") == browsers);
}

TEST_CASE("proxy and run -p serve the API until Ctrl-C", "[e2e][pods]") {
  PodBench bench;
  std::vector<std::string> line{"proxy"};
  SECTION("proxy") {}
  SECTION("run -p") {
    line = {"run", "-h", "-p"};
  }
  auto program = bench.start(line);
  REQUIRE(wait_for_text(*program, "Ctrl-C ends it"));
  program->signal(SIGINT);
  const auto result = program->wait(15s);
  CHECK(result.exit_code == 130);
  CHECK(result.out == "http://127.0.0.1:40321/\n");
  CHECK(bench.count("proxy --port=0") == 1);
  CHECK(nobody_is_left(bench));
}

TEST_CASE("proxy takes the port that the flavour or --port says", "[e2e][pods]") {
  PodBench bench;
  (void)bench.folder().write("mine.yaml", "project: {flavour: [notebook], proxy_port: 8765}\n");
  struct Case {
    std::vector<std::string> line{};
    std::string port{};
    std::string asked_by{};
  };
  const auto c = GENERATE(values<Case>({
      {{"proxy", "-f", "mine.yaml"}, "8765", "proxy_port of the flavour"},
      {{"run", "-h", "-p", "-f", "mine.yaml"}, "8765", "proxy_port of the flavour"},
      {{"proxy", "-f", "mine.yaml", "--port", "8001"}, "8001", "--port"},
  }));
  INFO(c.asked_by);
  SECTION("it is free") {
    auto program = bench.start(c.line);
    REQUIRE(wait_for_text(*program, "Ctrl-C ends it"));
    program->signal(SIGINT);
    CHECK(program->wait(15s).out == "http://127.0.0.1:" + c.port + "/\n");
  }
  SECTION("another program has it") {
    bench.rules({R"({"has":["kubectl proxy"],"exit":1,"stderr":"error: listen tcp 127.0.0.1:)" + c.port +
                 R"(: bind: address already in use"})"});
    const auto result = bench.run(c.line);
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "error[DM032]: port " + c.port + " of this machine, which " + c.asked_by + " asks for"));
    CHECK(contains(result.err, "--port N"));
  }
}

TEST_CASE("open --port says when the port is in use", "[e2e][pods]") {
  PodBench bench;
  bench.rules(
      {R"({"has":["port-forward"],"exit":1,"stderr":"Unable to listen on port 8080: Listeners failed to create )"
       R"(with the following errors: [unable to create listener: Error listen tcp4 127.0.0.1:8080: bind: )"
       R"(address already in use]\nerror: unable to listen on any of the requested ports: [{8080 8888}]"})"});
  const auto result = bench("open notebook --port 8080");
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "error[DM032]: port 8080 of this machine, which --port asks for, is in use"));
}

TEST_CASE("a kubectl that is gone when it is needed is said", "[e2e][pods]") {
  const auto* line = GENERATE("exec notebook", "open notebook");
  INFO(line);
  PodBench bench;
  // Goes away with the last read before the command that keeps running.
  bench.environment["DATAMILL_KUBECTL"] = bench.folder().write(
      "kubectl", "#!/bin/sh\ncase \"$2\" in pods,*) rm \"$0\" ;; esac\nexec " DATAMILL_FAKES "/bin/kubectl \"$@\"\n");
  fs::permissions(bench.folder().path("kubectl"), fs::perms::owner_all);
  bench.environment["PATH"] += ":/usr/bin:/bin";
  const auto result = bench(line);
  CHECK(result.exit_code == 3);
  CHECK(contains(result.err, "error[DM031]: kubectl "));
  CHECK(contains(result.err, "No such file or directory"));
  CHECK(contains(result.err, "datamill tools list"));
  CHECK_FALSE(fs::exists(bench.folder().path("kubectl")));
}

}  // namespace datamill::tests

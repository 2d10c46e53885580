// Debugging pods: what is made, and that nothing of it stays.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace datamill::tests {

namespace {

using support::contains;
using namespace std::chrono_literals;

/// A cluster with a real node, which exists outside of us.
struct Theirs {
  Workbench bench{};
  std::string kubeconfig =
      bench.folder().write("theirs.yaml", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\n");

  [[nodiscard]] std::vector<std::string> words(std::vector<std::string> more) const {
    std::vector<std::string> all{"debug", "--location", "hybrid", "--kubeconfig", kubeconfig};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  [[nodiscard]] std::vector<fake::Object> pods() const {
    auto all = bench.cluster(kubeconfig).list("Pod");
    all.erase(std::remove_if(all.begin(), all.end(),
                             [](const fake::Object& pod) { return pod.label("datamill.io/debug").empty(); }),
              all.end());
    return all;
  }
  [[nodiscard]] ToolCall creation() const {
    const auto made = bench.calls([](const ToolCall& call) { return call.has("kubectl create"); });
    REQUIRE(made.size() == 1);
    return made.front();
  }
};

}  // namespace

TEST_CASE("debug makes a pod, runs the command in it and removes it", "[e2e][debug]") {
  Theirs theirs;
  const auto result = theirs.bench.run(theirs.words({"net", "--", "nslookup", "x"}));
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, ": nslookup x; input:"));
  CHECK(theirs.pods().empty());
  CHECK(theirs.bench.count("delete pod datamill-debug-net-") == 1);
  const auto pod = support::read_json(*theirs.creation().input, "the pod");
  const auto* metadata = pod.find("metadata");
  REQUIRE(metadata != nullptr);
  CHECK(metadata->text_at("namespace") == "default");
  CHECK(metadata->find("labels")->text_at("app.kubernetes.io/managed-by") == "datamill");
  CHECK(metadata->find("labels")->text_at("datamill.io/debug") == "net");
  const auto* spec = pod.find("spec");
  CHECK(spec->text_at("restartPolicy") == "Never");
  CHECK(spec->text_at("activeDeadlineSeconds") == "28800");
  CHECK(spec->text_at("automountServiceAccountToken") == "false");
  const auto& container = spec->find("containers")->items.front();
  CHECK(contains(container.text_at("image"), "busybox:1."));
  const auto& variable = container.find("env")->items.front();
  CHECK(variable.text_at("name") == "POD_NAMESPACE");
  CHECK(variable.find_path({"valueFrom", "fieldRef"})->text_at("fieldPath") == "metadata.namespace");
}

TEST_CASE("debug takes image, ServiceAccount, node and namespace", "[e2e][debug]") {
  Theirs theirs;
  const auto result = theirs.bench.run(theirs.words(
      {"app", "-n", "kube-public", "--image", "example.org/x:1", "--service-account", "reader", "--node", "node-0"}));
  CHECK(result.exit_code == 0);
  // Without a command it is the image's shell; without a terminal there is no --tty.
  CHECK(contains(result.out, ": bash; input:"));
  CHECK(theirs.bench.count("--tty") == 0);
  const auto pod = support::read_json(*theirs.creation().input, "the pod");
  CHECK(pod.find("metadata")->text_at("namespace") == "kube-public");
  CHECK(pod.find("spec")->text_at("nodeName") == "node-0");
  CHECK(pod.find("spec")->text_at("serviceAccountName") == "reader");
  CHECK(pod.find("spec")->find("containers")->items.front().text_at("image") == "example.org/x:1");
}

TEST_CASE("the exit status of the command is ours", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl exec datamill-debug"],"exit":37})"});
  CHECK(theirs.bench.run(theirs.words({"net", "--", "false"})).exit_code == 37);
  CHECK(theirs.pods().empty());
}

TEST_CASE("two debugging pods have names of their own", "[e2e][debug]") {
  Theirs theirs;
  for (int i = 0; i < 2; ++i)
    CHECK(theirs.bench.run(theirs.words({"net", "--", "true"})).exit_code == 0);
  const auto deletions = theirs.bench.calls([](const ToolCall& call) { return call.has("delete pod"); });
  REQUIRE(deletions.size() == 2);
  CHECK(deletions[0].args[2] != deletions[1].args[2]);
}

TEST_CASE("a signal ends the command and the pod", "[e2e][debug]") {
  struct Case {
    int signal = 0;
    int exit_code = 0;
  };
  const auto c = GENERATE(values<Case>({{SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 143}}));
  INFO("signal " << c.signal);
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl exec datamill-debug"],"sleep_ms":60000})"});
  auto program = theirs.bench.start(theirs.words({"net", "--", "sleep", "60"}));
  REQUIRE(theirs.bench.wait_for_call("kubectl exec datamill-debug"));
  CHECK(theirs.pods().size() == 1);
  program->signal(c.signal);
  const auto result = program->wait(20s);
  CHECK(result.exit_code == c.exit_code);
  CHECK(theirs.pods().empty());
}

TEST_CASE("a terminal that goes away takes the pod with it", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl exec datamill-debug"],"sleep_ms":60000})"});
  auto program = theirs.bench.start(theirs.words({"net"}), Terminal::in_and_err);
  REQUIRE(theirs.bench.wait_for_call("kubectl exec datamill-debug"));
  program->hang_up();
  CHECK(program->wait(20s).exit_code == 143);
  CHECK(theirs.pods().empty());
}

TEST_CASE("what does not end after a signal is killed", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl exec datamill-debug"],"sleep_ms":60000,"ignore_term":true})"});
  auto program = theirs.bench.start(theirs.words({"net", "--", "sleep", "60"}));
  REQUIRE(theirs.bench.wait_for_call("kubectl exec datamill-debug"));
  program->signal(SIGTERM);
  const auto result = program->wait(20s);
  CHECK(result.exit_code == 143);
  CHECK(result.elapsed < 15s);
  CHECK(theirs.pods().empty());
}

TEST_CASE("Ctrl-C on the terminal while the pod starts removes it", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl get pod/datamill-debug"],"stdout":"Pending\t\t\t\t\t\t"})"});
  auto program = theirs.bench.start(theirs.words({"net"}), Terminal::in_and_err);
  REQUIRE(theirs.bench.wait_for_call("kubectl get pod/datamill-debug"));
  program->type("\x03");
  const auto result = program->wait(20s);
  CHECK(result.exit_code == 130);
  CHECK(contains(result.err, "is removed"));
  CHECK(theirs.pods().empty());
  CHECK(theirs.bench.count("kubectl exec") == 0);
}

TEST_CASE("signals during the removal do not stop it", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl delete pod"],"sleep_ms":1000})"});
  auto program = theirs.bench.start(theirs.words({"net", "--", "true"}));
  REQUIRE(theirs.bench.wait_for_call("kubectl delete pod"));
  program->signal(SIGINT);
  program->signal(SIGTERM);
  CHECK(program->wait(20s).exit_code == 0);
  CHECK(theirs.pods().empty());
}

TEST_CASE("an image that cannot be pulled is said at once", "[e2e][debug]") {
  const std::string reason = GENERATE("ErrImagePull", "ImagePullBackOff", "InvalidImageName");
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl get pod/datamill-debug"],"stdout":"Pending\t\t\t\twaiting\t)" + reason +
                      R"(\t\"no such\\nhost\""})"});
  const auto result = theirs.bench.run(theirs.words({"net", "--image", "nowhere/x:1"}));
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "DM043"));
  CHECK(contains(result.err, "the image \"nowhere/x:1\" cannot be pulled: " + reason + ": no such host"));
  CHECK(result.elapsed < 10s);
  CHECK(theirs.pods().empty());
  CHECK(theirs.bench.count("kubectl exec") == 0);
}

TEST_CASE("a pod that does not start is removed too", "[e2e][debug]") {
  Theirs theirs;
  SECTION("because its command is not there") {
    theirs.bench.rules({R"({"has":["get pod/"],"stdout":"Failed\t\t\t\tterminated\tStartError\t\"no sh\""})"});
    const auto result = theirs.bench.run(theirs.words({"net"}));
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "DM044"));
    CHECK(contains(result.err, "StartError: no sh"));
  }
  SECTION("because no node takes it") {
    theirs.bench.rules({R"({"has":["get pod/"],"stdout":"Pending\t\t\t\"0/3 nodes are available\"\t\t\t"})"});
    const auto result = theirs.bench.run(theirs.words({"net", "--timeout", "1s"}));
    CHECK(result.exit_code == 5);
    CHECK(contains(result.err, "DM045"));
    CHECK(contains(result.err, "waiting for a node: 0/3 nodes are available"));
  }
  CHECK(theirs.pods().empty());
}

TEST_CASE("what the cluster refuses is said, and nothing is left to remove", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules(
      {R"({"has":["kubectl create"],"exit":1,"stderr":"Error from server (Forbidden): pods is forbidden"})"});
  const auto result = theirs.bench.run(theirs.words({"net"}));
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "DM042"));
  CHECK(theirs.bench.count("delete pod") == 0);
}

TEST_CASE("a removal that fails is not hidden", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl delete pod"],"exit":1,"stderr":"connection refused"})"});
  const auto result = theirs.bench.run(theirs.words({"net", "-q", "--", "true"}));
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "warning[DM046]"));
  CHECK(contains(result.err, "kubectl delete pod datamill-debug-net-"));
}

TEST_CASE("what kill -9 leaves is told by status and removed by the next debug", "[e2e][debug]") {
  Theirs theirs;
  theirs.bench.rules({R"({"has":["kubectl exec datamill-debug"],"sleep_ms":60000,"times":1})"});
  auto program = theirs.bench.start(theirs.words({"net", "--", "sleep", "60"}));
  REQUIRE(theirs.bench.wait_for_call("kubectl exec datamill-debug"));
  // While its datamill lives nobody else touches it.
  CHECK(theirs.bench.run(theirs.words({"net", "--", "true"})).exit_code == 0);
  REQUIRE(theirs.pods().size() == 1);
  const auto name = theirs.pods().front().name;
  const std::vector<std::string> status{"status", "--location", "hybrid", "--kubeconfig", theirs.kubeconfig};
  CHECK_FALSE(contains(theirs.bench.run(status).out, name));
  program->signal(SIGKILL);
  CHECK(program->wait(15s).signal == SIGKILL);
  REQUIRE(theirs.pods().size() == 1);
  const auto told = theirs.bench.run(status);
  CHECK(contains(told.out, "Left over: debugging pod default/" + name));
  CHECK(contains(told.out, "its datamill is gone"));
  CHECK(theirs.pods().size() == 1);
  const auto next = theirs.bench.run(theirs.words({"net", "--", "true"}));
  CHECK(next.exit_code == 0);
  CHECK(contains(next.err, "removing a left-over debugging pod: default/" + name));
  CHECK(theirs.pods().empty());
}

TEST_CASE("debug --pod adds a container to a running pod and ends it", "[e2e][debug]") {
  Theirs theirs;
  REQUIRE(theirs.bench.run(theirs.words({"net", "--", "true"})).exit_code == 0);  // makes the pretended cluster
  theirs.bench.cluster(theirs.kubeconfig).put(fake::make_object("v1", "Pod", "default", "web-0"));
  theirs.bench.forget_calls();
  const auto result = theirs.bench.run(theirs.words({"--pod", "default/web-0", "--", "ls", "-l"}));
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, ": ls -l; input:"));
  CHECK(theirs.bench.count("kubectl debug web-0") == 1);
  CHECK(theirs.bench.count("--env=POD_NAMESPACE=default") == 1);
  const auto runs = theirs.bench.calls([](const ToolCall& call) { return call.has("kubectl exec web-0"); });
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].has("-- ls -l"));
  CHECK(runs[1].has(".datamill-debug-end"));
  CHECK(theirs.bench.count("delete pod") == 0);

  theirs.bench.rules({R"({"has":["get pod/web-0"],"stdout":"Running\t\t\t\twaiting\tErrImagePull\t"})"});
  const auto bad = theirs.bench.run(theirs.words({"--pod", "default/web-0"}));
  CHECK(bad.exit_code == 1);
  CHECK(contains(bad.err, "DM043"));
  CHECK(contains(bad.err, "stays in the pod until it is made anew"));

  const auto gone = theirs.bench.run(theirs.words({"--pod", "default/nobody"}));
  CHECK(gone.exit_code == 1);
  CHECK(contains(gone.err, "pods \"nobody\" not found"));
}

TEST_CASE("simulated pods are refused before anything is started", "[e2e][debug]") {
  const std::string line =
      GENERATE("debug net", "debug app -- ls", "run -l -d net", "run -l -d app -- ls", "debug --pod web-0");
  INFO(line);
  Workbench bench;
  const auto result = bench(line);
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "DM021"));
  CHECK(contains(result.err, "simulated"));
  CHECK(bench.calls().empty());
}

TEST_CASE("what does not go together is refused", "[e2e][debug]") {
  Theirs theirs;
  CHECK(contains(theirs.bench.run(theirs.words({"--pod", "x", "--node", "n"})).err, "DM040"));
  CHECK(theirs.bench.calls().empty());
  const auto unknown = theirs.bench.run(theirs.words({"net", "-n", "kube-pubic"}));
  CHECK(unknown.exit_code == 2);
  CHECK(contains(unknown.err, "DM049"));
  CHECK(contains(unknown.err, "did you mean \"kube-public\""));
  const auto nowhere = theirs.bench.run(theirs.words({"net", "--node", "nodeo-0"}));
  CHECK(nowhere.exit_code == 2);
  CHECK(contains(nowhere.err, "there is no node \"nodeo-0\" in the cluster"));
  CHECK(theirs.bench.count("kubectl create") == 0);
}

TEST_CASE("run -d is debug, and a stopped cluster is said", "[e2e][debug]") {
  Theirs theirs;
  const auto result =
      theirs.bench.run({"run", "-h", "-d", "net", "--kubeconfig", theirs.kubeconfig, "--", "nslookup", "-type=a", "x"});
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, ": nslookup -type=a x; input:"));
  Workbench absent;
  absent.environment["PATH"] += ":" + std::string(DATAMILL_FAKES) + "/minikube";
  const auto stopped = absent("debug net -t minikube");
  CHECK(stopped.exit_code == 4);
  CHECK(contains(stopped.err, "DM020"));
  CHECK(contains(stopped.err, "start"));
}

TEST_CASE("images of data/debug.yaml have fixed versions", "[e2e][debug]") {
  Theirs theirs;
  const auto text = TempFolder::read(std::string(DATAMILL_SOURCE_DIR) + "/data/debug.yaml");
  const auto root = theirs.bench.make_root({});
  std::filesystem::remove(root + "/data");
  std::filesystem::copy(std::string(DATAMILL_SOURCE_DIR) + "/data", root + "/data",
                        std::filesystem::copy_options::recursive);
  std::ofstream(root + "/data/debug.yaml") << support::replace_all(text, "busybox:1.37.0", "busybox:latest");
  theirs.bench.environment["DATAMILL_ROOT"] = root;
  const auto result = theirs.bench.run(theirs.words({"net"}));
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "DM047"));
}

}  // namespace datamill::tests

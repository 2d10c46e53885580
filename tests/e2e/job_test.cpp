// job submit, logs and list on a pretended existing cluster, whose jobs end at once unless a test says otherwise.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <csignal>
#include <thread>

namespace datamill::tests {

namespace {

using support::contains;
using support::Node;
using namespace std::chrono_literals;

constexpr std::string_view kPodState = R"({"has":["datamill.io/job=","{{.exitCode}}"],"stdout":")";

/// A rule for what the cluster says of a job's pod.
std::string pod_is(const std::string& phase, const std::string& unschedulable, const std::string& container) {
  return std::string(kPodState) + "t\\tpod-1\\t" + phase + "\\t\\t\\t" + unschedulable + "\\t\\t" + container +
         "\\n\"}";
}

/// quickstart on an existing cluster.
struct JobBench : Workbench {
  std::string file = folder().write("theirs.yaml", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\ncontexts: "
                                                   "[{name: theirs, context: {cluster: c, user: u}}]\n");

  JobBench() {
    environment["DATAMILL_LOCATION"] = "hybrid";
    environment["DATAMILL_KUBECONFIG"] = file;
    environment["DATAMILL_FLAVOUR"] = "quickstart";
    REQUIRE(run({"install", "--location", "hybrid"}).exit_code == 0);
    // Whose log can be read where a rule tells of it.
    cluster(file).put(
        fake::make_object("v1", "Pod", "data-mill", "pod-1", {.labels = {{"datamill.io/job", "of-a-rule"}}}));
    forget_calls();
  }

  [[nodiscard]] std::vector<fake::Object> left(std::string_view kind) const {
    auto all = cluster(file).list(kind, "data-mill");
    all.erase(
        std::remove_if(all.begin(), all.end(),
                       [](const fake::Object& o) { return o.label("datamill.io/job").empty() || o.name == "pod-1"; }),
        all.end());
    return all;
  }
  [[nodiscard]] Node created(std::string_view kind) const {
    for (const auto& call : calls([](const ToolCall& c) { return c.has("kubectl create"); })) {
      auto node = support::read_json(*call.input, "what was created");
      if (node.text_at("kind") == kind) return node;
    }
    FAIL("nothing of kind " << kind << " was created");
    return {};
  }
};

const Node& container_of(const Node& job) {
  return job.find_path({"spec", "template", "spec", "containers"})->items.front();
}

std::string variable(const Node& container, std::string_view name) {
  for (const auto& one : container.find("env")->items) {
    if (one.text_at("name") != name) continue;
    const auto* ref = one.find_path({"valueFrom", "secretKeyRef"});
    return ref == nullptr ? std::string(one.text_at("value"))
                          : "secret " + std::string(ref->text_at("name")) + " " + std::string(ref->text_at("key"));
  }
  return "none";
}

}  // namespace

TEST_CASE("a script becomes a job with its file and the flavour's services", "[e2e][job]") {
  JobBench bench;
  const auto script = bench.folder().write("My_Script.py", "print(1)\n");
  const auto result = bench.run({"job", "submit", script, "--cpu", "500m", "--memory", "1Gi", "--gpu", "1", "-e",
                                 "A=b=c", "--", "--epochs", "3"});
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "line 1 of job"));
  const auto job = bench.created("Job");
  const auto* spec = job.find("spec");
  CHECK(spec->text_at("backoffLimit") == "0");
  CHECK(spec->text_at("ttlSecondsAfterFinished") == "3600");
  CHECK(spec->find_path({"template", "spec"})->text_at("automountServiceAccountToken") == "false");
  const auto& container = container_of(job);
  CHECK(contains(container.text_at("image"), "scipy-notebook:"));
  CHECK(support::write_json(*container.find("command")) == R"(["python","-u","/job/my-script.py","--epochs","3"])");
  CHECK(support::write_json(*container.find("resources")) ==
        R"({"requests":{"cpu":"500m","memory":"1Gi"},"limits":{"memory":"1Gi","nvidia.com/gpu":1}})");
  CHECK(variable(container, "AWS_ENDPOINT_URL") == "http://object-store.data-mill.svc:7070");
  CHECK(variable(container, "AWS_DEFAULT_REGION") == "us-east-1");
  CHECK(variable(container, "AWS_ACCESS_KEY_ID") == "secret object-store-s3 access_key");
  CHECK(variable(container, "AWS_SECRET_ACCESS_KEY") == "secret object-store-s3 secret_key");
  CHECK(variable(container, "S3_BUCKET") == "datalake");
  CHECK(variable(container, "A") == "b=c");
  CHECK(variable(container, "PGHOST") == "none");
  const auto file = bench.created("ConfigMap");
  CHECK(support::base64_decode(file.find("binaryData")->text_at("my-script.py")) == "print(1)\n");
  const auto& owner = file.find_path({"metadata", "ownerReferences"})->items.front();
  CHECK(owner.text_at("kind") == "Job");
  CHECK(contains(owner.text_at("uid"), "uid-of-my-script-"));
  CHECK(bench.left("Job").empty());
  CHECK(bench.left("ConfigMap").empty());
}

TEST_CASE("a file runs in an image of ours where the cluster can have it", "[e2e][job]") {
  Workbench bench;
  bench.environment["PATH"] = std::string(DATAMILL_FAKES "/minikube:") + bench.environment["PATH"];
  bench.environment["DATAMILL_TARGET"] = "minikube";
  REQUIRE(bench("start -t minikube").exit_code == 0);
  bench.cluster().put(fake::make_object("v1", "Namespace", "", "data-mill"));
  using FileAndImage = std::pair<std::string, std::string>;
  const auto [file, image] = GENERATE(FileAndImage{"a.py", "notebook"}, FileAndImage{"a.sh", "debug-net"},
                                      FileAndImage{"a.ipynb", "notebook"});
  INFO(file);
  (void)bench.folder().write(file, "1\n");
  SECTION("it is built and loaded before the job is made, once") {
    CHECK(bench.run({"job", "submit", file, "--keep"}).exit_code == 0);
    const auto loads = bench.calls([](const ToolCall& call) { return call.has("image load"); });
    const auto made = bench.calls([](const ToolCall& call) { return call.has("kubectl create"); });
    REQUIRE(loads.size() == 1);
    CHECK(loads.front().has("/" + image + ".tar"));
    REQUIRE(made.size() == 2);
    CHECK(*loads.front().ended < made.front().started);
    CHECK(contains(*made.front().input, R"("image":"datamill.local/)" + image + ":"));
    bench.forget_calls();
    CHECK(bench.run({"job", "submit", file}).exit_code == 0);
    CHECK(bench.count("docker") + bench.count("image load") == 0);
  }
  SECTION("--image wins") {
    CHECK(bench.run({"job", "submit", file, "--image", "example.org/x:1"}).exit_code == 0);
    CHECK(bench.count("docker") + bench.count("image load") == 0);
    const auto made = bench.calls([](const ToolCall& call) { return call.has("kubectl create"); });
    CHECK(contains(*made.at(0).input, R"("image":"example.org/x:1")"));
  }
  SECTION("where building fails nothing is made") {
    bench.rules({R"({"has":["docker build"],"exit":1,"stderr":"no"})"});
    CHECK(bench.run({"job", "submit", file}).exit_code == 1);
    CHECK(bench.count("kubectl create") == 0);
  }
}

TEST_CASE("an image runs its own command, or the one that is given", "[e2e][job]") {
  JobBench bench;
  CHECK(bench.run({"job", "submit", "example.org/x:1", "--name", "one", "--keep"}).exit_code == 0);
  auto job = bench.created("Job");
  CHECK(job.find("metadata")->text_at("name") == "one");
  CHECK(job.find("spec")->find("ttlSecondsAfterFinished") == nullptr);
  CHECK(container_of(job).find("command") == nullptr);
  CHECK(bench.left("Job").size() == 1);
  bench.forget_calls();
  CHECK(bench.run({"job", "submit", "example.org/x:1", "--", "sleep", "1"}).exit_code == 0);
  job = bench.created("Job");
  CHECK(support::write_json(*container_of(job).find("command")) == R"(["sleep","1"])");
}

TEST_CASE("the container's exit code is ours, and a failed job stays", "[e2e][job]") {
  JobBench bench;
  bench.rules({pod_is("Failed", "", "terminated\\tOOMKilled\\t\\t137")});
  const auto result = bench.run({"job", "submit", "example.org/x:1"});
  CHECK(result.exit_code == 137);
  CHECK(contains(result.err, "failed with exit code 137 (OOMKilled); it stays for an hour"));
  CHECK(contains(result.err, "--memory"));
  CHECK(bench.left("Job").size() == 1);
}

TEST_CASE("what a job waits for is said", "[e2e][job]") {
  JobBench bench;
  SECTION("an image that does not come ends it") {
    bench.rules({pod_is("Pending", "", "waiting\\tImagePullBackOff\\t\\\"no such host\\\"\\t")});
    const auto result = bench.run({"job", "submit", "nowhere/x:1"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "DM073"));
    CHECK(contains(result.err, "ImagePullBackOff: no such host"));
    CHECK(bench.left("Job").empty());
  }
  SECTION("a command that is not there") {
    bench.rules({pod_is("Failed", "", "terminated\\tStartError\\t\\\"no python\\\"\\t128")});
    const auto result = bench.run({"job", "submit", "example.org/x:1"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "DM074"));
    CHECK(bench.left("Job").empty());
  }
  SECTION("a node, until a signal comes") {
    // The second signal comes while the job is being deleted.
    bench.rules(
        {pod_is("Pending", "\\\"0/3 nodes are available\\\"", ""), R"({"has":["kubectl delete job"],"sleep_ms":300})"});
    auto program = bench.start({"job", "submit", "example.org/x:1"});
    for (int i = 0; i < 2000 && !contains(program->err_so_far(), "waiting for a node"); ++i)
      std::this_thread::sleep_for(5ms);
    program->signal(SIGTERM);
    // The pod that the rule tells of never goes: the second one kills it.
    REQUIRE(bench.wait_for_call("kubectl delete job"));
    program->signal(SIGTERM);
    const auto result = program->wait(20s);
    CHECK(result.exit_code == 143);
    CHECK(contains(result.err, "waiting for a node: 0/3 nodes are available"));
    CHECK(bench.count("--grace-period=0 --force") == 1);
    CHECK(bench.left("Job").empty());
  }
}

TEST_CASE("a signal, or a terminal that goes away, deletes the job", "[e2e][job]") {
  const int signal = GENERATE(SIGINT, SIGTERM, 0);
  JobBench bench;
  bench.rules({R"({"has":["kubectl logs"],"sleep_ms":60000})"});
  auto program = bench.start({"job", "submit", "example.org/x:1"}, signal == 0 ? Terminal::in_and_err : Terminal::none);
  REQUIRE(bench.wait_for_call("kubectl logs"));
  if (signal == 0)
    program->hang_up();
  else
    program->signal(signal);
  const auto result = program->wait(20s);
  CHECK(result.exit_code == (signal == SIGINT ? 130 : 143));
  CHECK(bench.left("Job").empty());
  CHECK(bench.left("Pod").empty());
}

TEST_CASE("--detach leaves the job, logs and list find it", "[e2e][job]") {
  JobBench bench;
  auto result = bench.run({"job", "submit", "example.org/x:1", "--detach", "--name", "night"});
  CHECK(result.exit_code == 0);
  CHECK(result.out == "night\n");
  CHECK(bench.count("kubectl logs") == 0);
  result = bench.run({"job", "list"});
  CHECK(contains(result.out, "night"));
  CHECK(json_document(bench.run({"job", "list", "-o", "json"}).out).find("jobs")->items.size() == 1);
  CHECK(contains(bench.run({"job", "logs", "night"}).out, "line 1 of job"));
  result = bench.run({"job", "logs", "nigth"});
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "did you mean \"night\"?"));
}

TEST_CASE("bad submissions are refused before anything is made", "[e2e][job]") {
  JobBench bench;
  (void)bench.folder().write("a.py", "print(1)\n");
  (void)bench.folder().write("large.py", std::string((1U << 20U) + 1, '#'));
  (void)bench.folder().write("a.rb", "p 1\n");
  (void)bench.folder().write("a.ipynb", "{}");
  struct Case {
    std::vector<std::string> words{};
    std::string code{};
    std::string text{};
  };
  const auto c = GENERATE(values<Case>({
      {{"large.py"}, "DM071", "data push"},
      {{"a.rb"}, "DM071", "py, sh, ipynb"},
      {{"missing.py"}, "DM071", "there is no file"},
      {{"a.ipynb", "--", "x"}, "DM070", "takes no arguments"},
      {{"a.py", "--cpu", "much"}, "DM070", "--cpu needs a quantity"},
      {{"a.py", "--name", "Not_Good"}, "DM070", "--name not-good"},
      {{"a.py", "-e", "novalue"}, "DM004", "NAME=VALUE"},
      {{"a.py", "-n", "nowhere"}, "DM070", "there is no namespace"},
  }));
  INFO(c.text);
  std::vector<std::string> words{"job", "submit"};
  words.insert(words.end(), c.words.begin(), c.words.end());
  const auto result = bench.run(words);
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, c.code));
  CHECK(contains(result.err, c.text));
  CHECK(bench.count("kubectl create") == 0);
}

TEST_CASE("a job whose file is refused does not stay", "[e2e][job]") {
  JobBench bench;
  const auto script = bench.folder().write("a.py", "print(1)\n");
  bench.rules({R"({"has":["kubectl create"],"exit":1,"stderr":"Error from server (Forbidden): no"})"});
  auto result = bench.run({"job", "submit", script});
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "DM072"));
}

TEST_CASE("flags of another job command are refused", "[e2e][job]") {
  Workbench bench;
  for (const auto* line : {"job list --keep", "job logs x --name y", "job submit x:1 -F", "job list -F"}) {
    const auto result = bench(line);
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "DM003"));
  }
}

TEST_CASE("jobs need pods that run", "[e2e][job]") {
  Workbench bench;
  REQUIRE(bench("start -t kwok").exit_code == 0);
  const auto result = bench("job submit example.org/x:1 -t kwok");
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "DM021"));
}

}  // namespace datamill::tests

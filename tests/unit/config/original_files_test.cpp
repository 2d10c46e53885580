// Flavours and targets in the shapes of the original data-mill load unchanged.
#include "fixture.hpp"
#include "support/catch.hpp"

using datamill::tests::ConfigFixture;
using datamill::tests::Texts;
using namespace datamill;
using domain::Location;

namespace {

constexpr auto kOldFlavour = R"(project:
  # namespace
  k8s_namespace: data-mill
  proxy_port: 8088
  flavour: minio, mlflow
  k8s_default_config: default_uc.yaml
  component_default_config: config.yaml
  data_folder: data

kafka:
  release: kafka
  config_file: kafka_config.yaml

local:
  cpus: 8
  memory: 16288
  storage: 60G
  gpu_support: true
  use_overlay: false
  provider: microk8s
  use_multipass: false
  istio_support: true

remote:
  provider: aws
  cluster_name: data-mill
  bucket_name: data-mill
  region: "us-east1"
  zones: "us-east1a"
  no_nodes: 2
  node_size: t2.medium

hybrid:
  config: "~/.kube/admin.conf"
)";

constexpr auto kOldTarget = R"(# Default k8s configuration for minikube
local:
  cpus: 8
  memory: 16288
  storage: 60G
  gpu_support: true
  use_overlay: false
  provider: minikube
  vm_driver: kvm2
  #istio_support: true
)";

}  // namespace

TEST_CASE("an original flavour loads for every location", "[config][original]") {
  ConfigFixture fixture;
  fixture.flavour(kOldFlavour, "/r/flavours/ds_flavour.yaml");
  fixture.files.set("/home/x/.kube/admin.conf", "");
  const Texts always{"wDM218 \"data_folder\" is taken from the flavour's folder now; /r/data is used, as before",
                     "wDM204 component \"minio\" is retired; \"lake\" is used instead",
                     "wDM225 the settings of retired component \"kafka\" are not read"};
  SECTION("local") {
    fixture.request.location = Location::local;
    const auto workspace = fixture.load();
    CHECK(fixture.problems() == always);
    REQUIRE(workspace);
    CHECK(workspace->project.name == "ds-flavour");
    CHECK(workspace->project.flavour.size() == 2);
    const auto& target = *workspace->target;
    CHECK(target.provider == "microk8s");
    CHECK(target.cpus == 8);
    CHECK(target.memory.count == 16288);
    CHECK(target.storage.count == 57221);
    CHECK(target.gpu_support);
    CHECK(target.rule == "flavour");
    CHECK(target.block.text_at("use_multipass") == "false");
    CHECK(target.block.text_at("istio_support") == "true");
  }
  SECTION("remote") {
    fixture.request.location = Location::remote;
    const auto workspace = fixture.load();
    REQUIRE(workspace);
    CHECK(fixture.problems()[1] == "wDM213 provider \"aws\" is called \"kops-aws\" now");
    CHECK(workspace->target->provider == "kops-aws");
    CHECK(workspace->target->nodes == 2);
    CHECK(workspace->target->cluster_name == "data-mill");
    CHECK(workspace->target->block.text_at("zones") == "us-east1a");
    CHECK(workspace->target->block.text_at("node_size") == "t2.medium");
  }
  SECTION("hybrid") {
    fixture.request.location = Location::hybrid;
    const auto workspace = fixture.load();
    CHECK(fixture.problems() == always);
    REQUIRE(workspace);
    CHECK(workspace->target->provider == "existing");
    CHECK(workspace->target->kubeconfig == "/home/x/.kube/admin.conf");
  }
}

TEST_CASE("an original target overlays an original flavour", "[config][original]") {
  ConfigFixture fixture;
  fixture.flavour(kOldFlavour);
  fixture.files.set("/r/k8s-targets/default_mc.yaml", kOldTarget);
  fixture.request.target = "default_mc";
  fixture.request.location = Location::local;
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(workspace->target->provider == "minikube");
  CHECK(workspace->target->block.text_at("vm_driver") == "kvm2");
  CHECK(workspace->target->block.text_at("istio_support") == "true");
  CHECK(workspace->target->rule == "-t default_mc over flavour");
}

TEST_CASE("old keys of a component's settings are warnings that say what replaced them", "[config][original]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: mlflow}\n"
                  "mlflow:\n"
                  "  release: mlflow\n"
                  "  config_file: mlflow_config.yaml\n"
                  "  setup_timeout: 7200\n"
                  "  artifact_store: {type: minio, bucket: mlflow}\n");
  CHECK(fixture.load());
  CHECK(fixture.problems() == Texts{"wDM223 \"config_file\" of component \"mlflow\" has no meaning any more: "
                                    "component.yaml names the values files, and "
                                    "one of that name beside the flavour wins",
                                    "wDM223 \"setup_timeout\" of component \"mlflow\" has no meaning any more: "
                                    "component.yaml gives every release its time limit",
                                    "wDM223 \"artifact_store\" of component \"mlflow\" has no meaning any more: the "
                                    "capability s3 gives endpoint, "
                                    "bucket and credentials"});
}

TEST_CASE("the existing cluster's kubeconfig", "[config][target]") {
  ConfigFixture fixture;
  fixture.request.location = Location::hybrid;
  fixture.files.set("/home/x/.kube/config", "");
  fixture.files.set("/k/one", "");
  const auto target = [&](const std::string& flavour) {
    fixture.flavour("project: {flavour: [lake]}\n" + flavour);
    const auto workspace = fixture.load();
    return workspace ? workspace->target->kubeconfig + " " + workspace->target->context : fixture.problems().front();
  };
  SECTION("named, from the file's folder") {
    fixture.files.set("/r/flavours/kube.yaml", "");
    CHECK(target("hybrid: {config: kube.yaml, context: prod}\n") == "/r/flavours/kube.yaml prod");
  }
  SECTION("a list, expanded part by part") {
    CHECK(target("hybrid: {config: '~/.kube/config:/k/none'}\n") == "/home/x/.kube/config:/k/none ");
  }
  SECTION("missing") {
    CHECK(target("hybrid: {config: /k/none}\n") == "DM212 there is no kubeconfig \"/k/none\"");
    CHECK(fixture.first_place() == "/r/flavours/ds.yaml:2:18");
  }
  SECTION("not named: what kubectl takes") {
    CHECK(target("hybrid: {context: prod}\n") == "/home/x/.kube/config prod");
    fixture.environment["KUBECONFIG"] = "/k/one";
    CHECK(target("hybrid: {context: prod}\n") == "/k/one prod");
  }
  SECTION("flags win") {
    fixture.request.kubeconfig = "/k/one";
    fixture.request.kube_context = "flag";
    CHECK(target("hybrid: {config: /k/none, context: prod}\n") == "/k/one flag");
  }
  SECTION("flags are enough") {
    fixture.request.kubeconfig = "/k/one";
    CHECK(target("") == "/k/one ");
    CHECK(target("local: {cpus: 1}\n") == "/k/one ");
  }
  SECTION("nothing known") {
    fixture.environment.clear();
    CHECK(target("hybrid: {context: prod}\n") == "DM212 no kubeconfig is known for the existing cluster");
  }
}

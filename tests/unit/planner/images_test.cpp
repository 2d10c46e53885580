// Steps that build images, and that bring them to a cluster.
#include "datamill/planner/images.hpp"
#include "datamill/planner/install.hpp"
#include "datamill/planner/provider.hpp"
#include "datamill/support/text.hpp"
#include "sample.hpp"
#include "support/catch.hpp"

using namespace datamill;

namespace {

domain::Image image(const std::string& name, std::vector<domain::ImageBase> bases) {
  domain::Image made{.name = name, .directory = "/r/images/" + name, .version = "1.0.0"};
  made.dockerfile = "FROM x\n";
  made.bases = std::move(bases);
  made.digest = support::sha256_hex(name);
  return made;
}

struct Images {
  Images() {
    auto base = image("base", {{.reference = "debian:12", .begin = 5, .end = 6}});
    base.bootstrap = "bookworm";
    auto lab = image("lab", {{.reference = "base", .own = true, .begin = 5, .end = 6}});
    lab.wheels = "/r/images/lab/r.txt";
    lab.wheels_digest = support::sha256_hex("r");
    lab.tools = {"gateway"};
    workspace.images.images = {{"base", base}, {"lab", lab}, {"other", image("other", base.bases)}};
    workspace.images.order = {"base", "other", "lab"};
  }
  [[nodiscard]] planner::Context context() const {
    return {.workspace = workspace,
            .target = target,
            .snapshot = snapshot,
            .places = {.state = "/state", .cluster = "/state/clusters/local-x", .cache = "/cache", .root = "/r"},
            .tool_paths = {{"datamill", "/bin/datamill"}, {"gateway", "/tools/gateway"}}};
  }
  [[nodiscard]] plan::Plan build(std::vector<std::string> names) {
    request.names = std::move(names);
    auto plan = planner::plan_image_build(context(), request);
    CHECK(invariant_problem(plan).empty());
    return plan;
  }
  [[nodiscard]] std::string reference(const std::string& name) const {
    return domain::image_reference(domain::kLocalRegistry, workspace.images.images.at(name));
  }
  domain::Workspace workspace{};
  domain::Target target{.provider = "embedded"};
  domain::ClusterSnapshot snapshot{};
  planner::ImageBuildRequest request{.builder = tools::private_builder("/usr/bin/buildah", "/cache/images", "overlay")};
};

std::vector<std::string> titles(const plan::Plan& plan) {
  std::vector<std::string> titles;
  for (const auto& step : plan.steps)
    titles.push_back(step.title);
  return titles;
}

const plan::Step& step(const plan::Plan& plan, std::string_view title) {
  for (const auto& step : plan.steps) {
    if (step.title.starts_with(title)) return step;
  }
  FAIL(fmt::format("no step \"{}\" in: {}", title, support::join(titles(plan), "; ")));
  return plan.steps.front();
}

bool has(const plan::Plan& plan, std::string_view title) {
  const auto all = titles(plan);
  return std::any_of(all.begin(), all.end(), [&](const auto& t) { return t.starts_with(title); });
}

bool needs(const plan::Plan& plan, std::string_view later, std::string_view earlier) {
  std::vector<plan::StepId> todo{step(plan, later).id};
  const auto wanted = step(plan, earlier).id;
  while (!todo.empty()) {
    const auto id = todo.back();
    todo.pop_back();
    if (id == wanted) return true;
    todo.insert(todo.end(), plan.steps[id].needs.begin(), plan.steps[id].needs.end());
  }
  return false;
}

}  // namespace

TEST_CASE("an image is built after its bases, its context beside them", "[planner][images]") {
  Images f;
  const auto plan = f.build({"lab"});
  CHECK_FALSE(has(plan, "Build image other"));
  CHECK(needs(plan, "Build image lab", "Build image base"));
  CHECK(needs(plan, "Build image base", "Get the base debian:12"));
  CHECK_FALSE(needs(plan, "Download the wheels of lab", "Build image base"));
  CHECK(needs(plan, "Build image lab", "Copy the wheels of lab"));
  CHECK(needs(plan, "Remove the build context of lab", "Build image lab"));
  const auto command = to_shell(*command_of(step(plan, "Get the base")));
  CHECK(command == "/bin/datamill images base debian:12 bookworm --root /r");
  const auto* file = std::get_if<plan::WriteFile>(&step(plan, "Write the Dockerfile of lab").action);
  REQUIRE(file != nullptr);
  CHECK(file->content == command::SymbolicText{fmt::format("FROM {}\n", f.reference("base"))});
}

TEST_CASE("a build ends with us, also where we are killed", "[planner][images]") {
  Images f;
  const auto command = [&] { return to_shell(*command_of(step(f.build({"base"}), "Build image base"))); };
  CHECK(support::contains(command(), "/bin/datamill node tether -- /usr/bin/buildah --root /cache/images/store "));
  // What a docker daemon runs is its own.
  f.request.builder = {.kind = tools::ImageBuilder::Kind::docker, .program = "/usr/bin/docker"};
  CHECK(support::contains(command(), "DOCKER_BUILDKIT=1 /usr/bin/docker build "));
}

TEST_CASE("what the store has is not built again", "[planner][images]") {
  Images f;
  f.request.store.ids[f.reference("base")] = "1";
  CHECK_FALSE(has(f.build({"lab"}), "Build image base"));
  f.request.store.ids[f.reference("lab")] = "2";
  CHECK(f.build({"lab"}).steps.empty());
  SECTION("unless it is asked for") {
    f.request.rebuild = true;
    const auto plan = f.build({"lab"});
    CHECK(has(plan, "Build image base"));
    CHECK(support::contains(to_shell(*command_of(step(plan, "Build image lab"))), "--no-cache"));
  }
  SECTION("or its outside base may be another now") {
    f.request.renew_bases = true;
    const auto plan = f.build({"lab"});
    CHECK(has(plan, "Build image base"));
    CHECK(has(plan, "Build image lab"));
    CHECK(to_shell(*command_of(step(plan, "Get the base"))).ends_with(" renew --root /r"));
  }
}

TEST_CASE("one outside base is got once, packages come first", "[planner][images]") {
  Images f;
  f.request.packages = {"buildah=/usr/bin/buildah"};
  const auto plan = f.build({});
  const auto all = titles(plan);
  CHECK(std::count(all.begin(), all.end(), "Get the base debian:12") == 1);
  CHECK(std::count(all.begin(), all.end(), "Install the packages that are missing") == 1);
  CHECK(needs(plan, "Get the base debian:12", "Install the packages"));
  CHECK(needs(plan, "Download the wheels", "Install the packages"));
}

TEST_CASE("wheels are the images' own, and fetched once", "[planner][images]") {
  Images f;
  const auto plan = f.build({"lab"});
  const auto& download = step(plan, "Download the wheels of lab");
  const auto command = to_shell(*command_of(download));
  CHECK(support::contains(command, " --implementation cp --python-version 3.11 --platform manylinux_2_34_"));
  CHECK(support::contains(command, " --only-binary :all: "));
  // Complete only where all of them came: a download that was cut off goes on.
  REQUIRE(download.guard);
  const auto& note = step(plan, "Note that the wheels of lab");
  const auto* file = std::get_if<plan::WriteFile>(&note.action);
  REQUIRE(file != nullptr);
  CHECK(file->path == download.guard->path);
  CHECK(needs(plan, "Note that the wheels of lab", "Download the wheels of lab"));
  CHECK(needs(plan, "Copy the wheels of lab", "Note that the wheels of lab"));
}

TEST_CASE("an image says what it was made of", "[planner][images]") {
  Images f;
  const auto command = to_shell(*command_of(step(f.build({"base"}), "Build image base")));
  CHECK(support::contains(command, "--label io.datamill.image=base "));
  CHECK(support::contains(command, "--label io.datamill.digest=" + f.workspace.images.images.at("base").digest));
}

TEST_CASE("an image is built, saved, loaded and noted, once", "[planner][images]") {
  Images f;
  plan::Plan plan;
  const auto last = planner::add_image_delivery(f.context(), f.workspace.images.images.at("lab"), "notebook", plan);
  CHECK(last + 1 == plan.steps.size());
  CHECK(needs(plan, "Load image lab", "Save image lab"));
  CHECK(needs(plan, "Save image lab", "Build image lab"));
  for (const auto& s : plan.steps) {
    REQUIRE(s.guard);
    CHECK(s.guard->path.starts_with("/state/clusters/local-x/images/lab-1.0.0-"));
    CHECK(s.component == "notebook");
  }
  const auto* note = std::get_if<plan::WriteFile>(&plan.steps.back().action);
  REQUIRE(note != nullptr);
  CHECK(note->path == plan.steps.back().guard->path);
}

TEST_CASE("with a registry an image is pushed instead", "[planner][images]") {
  Images f;
  f.workspace.image_registry = "ghcr.io/acme";
  plan::Plan plan;
  (void)planner::add_image_delivery(f.context(), f.workspace.images.images.at("lab"), "", plan);
  CHECK_FALSE(has(plan, "Load image"));
  CHECK(to_shell(*command_of(step(plan, "Push image lab"))) ==
        "/bin/datamill images push lab --root /r --registry ghcr.io/acme");
  CHECK_FALSE(plan.steps.back().guard);
}

TEST_CASE("the list of a store is read", "[planner][images]") {
  const auto store = planner::parse_image_list("datamill.local/base:1.0 abc\n<none>:<none> def\n\n");
  CHECK(store.has("datamill.local/base:1.0"));
  CHECK_FALSE(store.has("datamill.local/base:1"));
}

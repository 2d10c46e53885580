#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>

namespace datamill::fake {

namespace fs = std::filesystem;
using support::Node;

namespace {

constexpr std::string_view kSwitches =
    "--install --wait --ignore-not-found --skip-tests --is-upgrade --force-conflicts";
/// Charts that bring a volume; it stays when the release goes.
constexpr std::array<std::string_view, 3> kWithVolume{"object-store", "notebook", "seaweedfs"};

struct Release {
  std::string name{};
  std::string ns{};
  std::string labels{};  ///< "k=v,k=v"
};

std::vector<Object> history(const Cluster& cluster, const Release& release) {
  std::vector<Object> revisions;
  for (auto& secret : cluster.list("Secret", release.ns)) {
    if (secret.label("owner") == "helm" && secret.label("name") == release.name) revisions.push_back(std::move(secret));
  }
  std::sort(revisions.begin(), revisions.end(), [](const auto& a, const auto& b) {
    return support::parse_integer(a.label("version")) < support::parse_integer(b.label("version"));
  });
  return revisions;
}

/// helm's own record: a Secret per revision, its state in the labels.
void record(Cluster& cluster, const Release& release, int revision, std::string_view status) {
  Labels labels{.labels = {{"owner", "helm"},
                           {"name", release.name},
                           {"status", std::string(status)},
                           {"version", fmt::format("{}", revision)}}};
  for (const auto& label : support::split_list(release.labels, ",")) {
    const auto equals = label.find('=');
    labels.labels.emplace_back(label.substr(0, equals), label.substr(equals + 1));
  }
  cluster.put(make_object("v1", "Secret", release.ns, fmt::format("sh.helm.release.v1.{}.v{}", release.name, revision),
                          labels));
}

std::string chart_name(const std::string& path) {
  auto name = fs::path(path).filename().string();
  if (name.ends_with(".tgz")) name = name.substr(0, name.rfind('-'));
  return name;
}

void make_objects(Cluster& cluster, const Release& release, const std::string& chart) {
  const Labels labels{.labels = {{"app.kubernetes.io/instance", release.name}},
                      .annotations = {{"meta.helm.sh/release-name", release.name}}};
  cluster.put(make_object("apps/v1", "Deployment", release.ns, release.name, labels));
  cluster.put(make_object("v1", "Service", release.ns, release.name, labels));
  cluster.put(make_object("v1", "Pod", release.ns, release.name + "-0", labels));
  if (std::find(kWithVolume.begin(), kWithVolume.end(), chart) != kWithVolume.end())
    cluster.put(make_object("v1", "PersistentVolumeClaim", release.ns, release.name + "-data", labels));
}

std::string missing_file(const Words& words) {
  const auto& chart = words.plain.at(2);
  if (!fs::exists(chart)) return fmt::format("Error: path \"{}\" not found", chart);
  const auto values = words.flags.find("--values");
  if (values == words.flags.end()) return {};
  for (const auto& file : values->second) {
    if (file != "-" && !fs::exists(file)) return fmt::format("Error: open {}: no such file or directory", file);
  }
  return {};
}

void print_release(const Release& release, int revision, const std::string& values) {
  auto info = Node::map();
  info.set("status", Node::text("deployed"));
  auto node = Node::map();
  node.set("name", Node::text(release.name));
  node.set("info", std::move(info));
  // The real one prints the values too.
  if (!values.empty()) node.set("config", Node::text(values));
  node.set("version", Node::integer(revision));
  node.set("namespace", Node::text(release.ns));
  std::printf("%s\n", support::write_json(node).c_str());
}

int upgrade(const Desk& desk, const Words& words, Cluster& cluster) {
  const Release release{.name = words.plain.at(1), .ns = words.value("--namespace"), .labels = words.value("--labels")};
  if (const auto problem = missing_file(words); !problem.empty()) return fail(problem);
  if (!cluster.find("Namespace", "", release.ns))
    return fail(fmt::format("Error: create: failed to create: namespaces \"{}\" not found", release.ns));
  const auto before = history(cluster, release);
  if (!before.empty() && before.back().label("status").starts_with("pending"))
    return fail("Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress");
  const auto last = before.empty() ? 0 : support::parse_integer(before.back().label("version")).value_or(0);
  const auto revision = static_cast<int>(last) + 1;
  record(cluster, release, revision, before.empty() ? "pending-install" : "pending-upgrade");
  if (const auto ended = play(desk.rule, desk.call, desk.log)) {
    record(cluster, release, revision, *ended == 0 ? "deployed" : "failed");
    return *ended;
  }
  for (const auto& old : before)
    record(cluster, release, static_cast<int>(support::parse_integer(old.label("version")).value_or(0)), "superseded");
  make_objects(cluster, release, chart_name(words.plain.at(2)));
  record(cluster, release, revision, "deployed");
  print_release(release, revision, desk.call.input);
  return 0;
}

/// A Deployment and a Service of the release's name.
int render(const Words& words) {
  if (const auto problem = missing_file(words); !problem.empty()) return fail(problem);
  const auto& name = words.plain.at(1);
  std::printf("---\n# Source: templates/service.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: %s\n"
              "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: %s\nspec:\n  replicas: 1\n"
              "  template:\n    spec:\n      containers:\n      - name: main\n        image: example.org/%s:1\n"
              "        resources:\n          requests: {cpu: 100m, memory: 64Mi}\n",
              name.c_str(), name.c_str(), name.c_str());
  return 0;
}

int uninstall(const Words& words, Cluster& cluster) {
  const Release release{.name = words.plain.at(1), .ns = words.value("--namespace")};
  const auto revisions = history(cluster, release);
  if (revisions.empty()) return words.has("--ignore-not-found") ? 0 : fail("Error: uninstall: release: not found");
  for (const auto& object : cluster.list({}, release.ns)) {
    if (object.annotation("meta.helm.sh/release-name") == release.name && object.kind != "PersistentVolumeClaim")
      cluster.remove(object);
  }
  for (const auto& revision : revisions)
    cluster.remove(revision);
  std::printf("release \"%s\" uninstalled\n", release.name.c_str());
  return 0;
}

int rollback(const Words& words, Cluster& cluster) {
  const Release release{.name = words.plain.at(1), .ns = words.value("--namespace")};
  const auto revisions = history(cluster, release);
  if (revisions.empty()) return fail("Error: release: not found");
  record(cluster, release, static_cast<int>(revisions.size()), "failed");
  record(cluster, release, static_cast<int>(revisions.size()) + 1, "deployed");
  return 0;
}

int pull(const Words& words) {
  write_file(fmt::format("{}/{}-{}.tgz", words.value("--destination"), words.plain.at(1), words.value("--version")),
             "a chart\n");
  return 0;
}

}  // namespace

int helm(const Desk& desk) {
  const auto words = take_apart(desk.call.args, kSwitches);
  const auto verb = words.plain.empty() ? std::string{} : words.plain.front();
  const auto listed = words.value("--kubeconfig").empty() ? environment("KUBECONFIG") : words.value("--kubeconfig");
  auto cluster = desk.cluster(listed.substr(0, listed.find(':')));
  if (verb == "upgrade") {
    if (!cluster.running()) return fail("Error: Kubernetes cluster unreachable");
    return upgrade(desk, words, cluster);
  }
  if (const auto ended = play(desk.rule, desk.call, desk.log)) return *ended;
  if (verb == "pull") return pull(words);
  if (verb == "template") return render(words);
  if (!cluster.running()) return fail("Error: Kubernetes cluster unreachable");
  if (verb == "uninstall") return uninstall(words, cluster);
  if (verb == "rollback") return rollback(words, cluster);
  return fail("Error: the fake helm does not know " + desk.call.line());
}

}  // namespace datamill::fake

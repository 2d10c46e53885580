#include "datamill/config/yaml.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string_view>

namespace datamill::fake {

using support::Node;

namespace {

constexpr std::string_view kSwitches =
    "--server-side --force-conflicts --ignore-not-found --wait --all --all-namespaces --overwrite --raw "
    "--no-headers --now --force --quiet --follow --previous --timestamps --stdin --tty --";

constexpr const char* kKinds = "configmaps cm v1 true ConfigMap\n"
                               "namespaces ns v1 false Namespace\n"
                               "persistentvolumeclaims pvc v1 true PersistentVolumeClaim\n"
                               "pods po v1 true Pod\n"
                               "secrets v1 true Secret\n"
                               "services svc v1 true Service\n"
                               "deployments deploy apps/v1 true Deployment\n"
                               "jobs batch/v1 true Job\n";

struct Kubectl {
  const Desk& desk;
  const Words& words;
  Cluster& cluster;

  [[nodiscard]] std::string ns() const {
    const auto given = words.value("--namespace");
    return given.empty() ? "default" : given;
  }
};

std::string lower(std::string text) {
  for (auto& c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// YAML, or JSON documents one after the other (ours have a line each).
std::vector<Node> parse_documents(const std::string& text) {
  std::vector<Node> documents;
  if (support::trim(text).starts_with('{')) {
    for (const auto& line : support::split_lines(support::trim(text)))
      documents.push_back(support::read_json(line, "standard input"));
    return documents;
  }
  support::Diagnostics diagnostics;
  return config::parse_yaml(text, "standard input", config::Documents::many, diagnostics).value_or(documents);
}

/// The objects of --filename: standard input, or a file.
std::vector<Node> objects_given(const Kubectl& k) {
  const auto file = k.words.value("--filename");
  std::vector<Node> objects;
  for (auto& document : parse_documents(file == "-" ? k.desk.call.input : read_file(file))) {
    const auto* items = document.text_at("kind") == "List" ? document.find("items") : nullptr;
    if (items == nullptr)
      objects.push_back(std::move(document));
    else
      objects.insert(objects.end(), items->items.begin(), items->items.end());
  }
  return objects;
}

Object to_object(const Kubectl& k, Node body) {
  Object object{.kind = std::string(body.text_at("kind"))};
  if (const auto* metadata = body.find("metadata")) {
    object.name = std::string(metadata->text_at("name"));
    object.ns = std::string(metadata->text_at("namespace"));
  }
  if (is_cluster_scoped(object.kind))
    object.ns.clear();
  else if (object.ns.empty())
    object.ns = k.ns();
  object.body = std::move(body);
  return object;
}

/// What the API server does with `stringData`.
void encode_secret(Object& object) {
  const auto* plain = object.body.find("stringData");
  if (object.kind != "Secret" || plain == nullptr) return;
  auto data = Node::map();
  for (const auto& entry : plain->entries)
    data.set(entry.key, Node::text(support::base64_encode(entry.value.scalar)));
  auto& entries = object.body.entries;
  entries.erase(std::remove_if(entries.begin(), entries.end(), [](const auto& e) { return e.key == "stringData"; }),
                entries.end());
  object.body.set("data", std::move(data));
}

/// What the Job controller does: a pod at once.
void make_pod_of_job(const Kubectl& k, const Object& job) {
  const auto label = job.label("datamill.io/job");
  if (job.kind == "Job" && !label.empty())
    k.cluster.put(make_object("v1", "Pod", job.ns, job.name + "-abcde", {.labels = {{"datamill.io/job", label}}}));
}

/// `delete job NAME`: what belongs to it goes too.
int delete_job(const Kubectl& k) {
  const auto& name = k.words.plain.at(2);
  for (const auto* kind : {"Job", "ConfigMap", "Pod"}) {
    for (const auto& object : k.cluster.list(kind, k.ns())) {
      if (object.label("datamill.io/job") == name) k.cluster.remove(object);
    }
  }
  std::printf("job.batch \"%s\" deleted\n", name.c_str());
  return 0;
}

int put_objects(const Kubectl& k, bool create) {
  const auto documents = objects_given(k);
  if (documents.empty()) return fail("error: no objects passed to " + k.words.plain.front());
  for (const auto& document : documents) {
    auto object = to_object(k, document);
    if (object.kind.empty() || object.name.empty()) return fail("error: Object 'Kind' is missing");
    if (!object.ns.empty() && !k.cluster.find("Namespace", "", object.ns))
      return fail(fmt::format("Error from server (NotFound): namespaces \"{}\" not found", object.ns));
    if (create && k.cluster.find(object.kind, object.ns, object.name))
      return fail(
          fmt::format("Error from server (AlreadyExists): {}s \"{}\" already exists", lower(object.kind), object.name));
    encode_secret(object);
    if (k.words.value("--output").starts_with("jsonpath"))
      std::printf("uid-of-%s", object.name.c_str());
    else
      std::printf("%s/%s %s\n", lower(object.kind).c_str(), object.name.c_str(),
                  create ? "created" : "serverside-applied");
    make_pod_of_job(k, object);
    k.cluster.put(std::move(object));
  }
  return 0;
}

/// `delete pod NAME...`
int delete_pods(const Kubectl& k) {
  for (std::size_t i = 2; i < k.words.plain.size(); ++i) {
    const auto pod = k.cluster.find("Pod", k.ns(), k.words.plain[i]);
    if (!pod) continue;
    k.cluster.remove(*pod);
    std::printf("pod \"%s\" deleted\n", pod->name.c_str());
  }
  return 0;
}

/// `debug POD`: adds an ephemeral container to a pod that is there.
int debug_pod(const Kubectl& k) {
  if (k.cluster.find("Pod", k.ns(), k.words.plain.at(1))) return 0;
  return fail(fmt::format("Error from server (NotFound): pods \"{}\" not found", k.words.plain[1]));
}

bool has_finalizers(const Object& object) {
  const auto* finalizers = object.body.find_path({"metadata", "finalizers"});
  return finalizers != nullptr && !finalizers->items.empty();
}

int delete_objects(const Kubectl& k) {
  if (k.words.plain.size() > 2 && k.words.plain[1] == "lease") {
    if (const auto lease = k.cluster.find("Lease", k.ns(), k.words.plain[2])) k.cluster.remove(*lease);
    return 0;
  }
  if (k.words.plain.size() > 2) return k.words.plain[1] == "job" ? delete_job(k) : delete_pods(k);
  for (const auto& document : objects_given(k)) {
    const auto named = to_object(k, document);
    auto object = k.cluster.find(named.kind, named.ns, named.name);
    if (!object) continue;
    if (has_finalizers(*object)) {
      object->set_metadata("deletionTimestamp", Node::text("2026-11-21T12:00:00Z"));
      k.cluster.put(*object);
      if (k.words.value("--wait") == "false") continue;
      return fail(fmt::format("error: timed out waiting for the condition on {}s/{}", lower(named.kind), named.name));
    }
    k.cluster.remove(*object);
    std::printf("%s \"%s\" deleted\n", lower(named.kind).c_str(), named.name.c_str());
  }
  return 0;
}

/// `patch -f -` without finalizers; what is being deleted goes then.
int patch_objects(const Kubectl& k) {
  int code = 0;
  for (const auto& document : objects_given(k)) {
    const auto named = to_object(k, document);
    auto object = k.cluster.find(named.kind, named.ns, named.name);
    if (!object) {
      code = fail(fmt::format("Error from server (NotFound): {}s \"{}\" not found", lower(named.kind), named.name));
      continue;
    }
    object->set_metadata("finalizers", Node::sequence());
    if (object->body.find("metadata")->find("deletionTimestamp") != nullptr)
      k.cluster.remove(*object);
    else
      k.cluster.put(*object);
    std::printf("%s/%s patched\n", lower(named.kind).c_str(), named.name.c_str());
  }
  return code;
}

/// "cluster.postgresql.cnpg.io/db" or "Cluster.v1.postgresql.cnpg.io/db" to kind and name.
std::optional<Object> find_resource(const Kubectl& k, const std::string& resource) {
  const auto slash = resource.find('/');
  const auto kind = resource.substr(0, std::min(resource.find('.'), slash));
  return k.cluster.find(kind, k.ns(), resource.substr(slash + 1));
}

int wait_for(const Kubectl& k) {
  for (std::size_t i = 1; i < k.words.plain.size(); ++i) {
    const auto& resource = k.words.plain[i];
    if (resource.find('/') == std::string::npos || resource.starts_with("crd/")) continue;
    if (!find_resource(k, resource)) return fail(fmt::format("Error from server (NotFound): {} not found", resource));
    std::printf("%s condition met\n", resource.c_str());
  }
  return 0;
}

int annotate(const Kubectl& k) {
  auto object = find_resource(k, k.words.plain.at(1));
  if (!object) return fail(fmt::format("Error from server (NotFound): {} not found", k.words.plain[1]));
  const auto& text = k.words.plain.at(2);
  const auto equals = text.find('=');
  const auto* old = object->body.find_path({"metadata", "annotations"});
  auto annotations = old == nullptr ? Node::map() : *old;
  annotations.set(text.substr(0, equals), Node::text(text.substr(equals + 1)));
  object->set_metadata("annotations", std::move(annotations));
  k.cluster.put(std::move(*object));
  return 0;
}

/// `get -f - --ignore-not-found`: what is there of the objects given.
int get_given(const Kubectl& k) {
  for (const auto& document : objects_given(k)) {
    const auto object = to_object(k, document);
    if (k.cluster.find(object.kind, object.ns, object.name))
      std::printf("%s %s %s\n", object.kind.c_str(), object.ns.c_str(), object.name.c_str());
  }
  return 0;
}

/// Everything is allowed; rules of a test say otherwise.
int review_access(const Kubectl& k) {
  for (std::size_t i = 0; i < objects_given(k).size(); ++i)
    std::printf("true\n");
  return 0;
}

int get(const Kubectl& k) {
  if (k.words.has("--filename")) return get_given(k);
  if (k.words.has("--raw")) {
    const bool version = k.words.plain.back() == "/version";
    std::printf("%s\n", version ? R"({"major":"1","gitVersion":"v1.36.3"})" : "ok");
    return 0;
  }
  const auto output = k.words.value("--output");
  if (output.starts_with("go-template=")) {
    const auto text = answer_template(k.cluster, k.words);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  if (output == "json" && k.words.plain.size() == 2) {
    const auto text = answer_json(k.cluster, k.words);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  if (output == "name") return 0;  // of custom resources: the pretended cluster forgets them with their definitions
  if (k.words.plain.at(1) == "serviceaccount" && k.words.plain.at(2) == "default") return 0;  // is in every namespace
  const auto object = k.cluster.find(k.words.plain.at(1), k.ns(), k.words.plain.at(2));
  if (!object)
    return fail(fmt::format("Error from server (NotFound): {}s \"{}\" not found", k.words.plain[1], k.words.plain[2]));
  std::printf("%s\n", support::write_json(object->body).c_str());
  return 0;
}

int work(const Kubectl& k) {
  const auto& verb = k.words.plain.front();
  if (verb == "apply") return put_objects(k, false);
  if (verb == "create" && support::contains(k.desk.call.input, "SelfSubjectAccessReview")) return review_access(k);
  if (verb == "create") return put_objects(k, true);
  if (verb == "replace") return put_objects(k, false);
  if (verb == "diff") return 0;  // nothing differs; rules of a test say otherwise
  if (verb == "api-resources") {
    std::printf("%s", kKinds);
    return 0;
  }
  if (verb == "delete") return delete_objects(k);
  if (verb == "patch") return patch_objects(k);
  if (verb == "wait") return wait_for(k);
  if (verb == "annotate") return annotate(k);
  if (verb == "get") return get(k);
  if (verb == "debug") return debug_pod(k);
  if (verb == "auth") {
    std::printf("yes\n");
    return 0;
  }
  return fail("error: the fake kubectl does not know " + k.desk.call.line());
}

}  // namespace

int kubectl(const Desk& desk) {
  if (const auto ended = play(desk.rule, desk.call, desk.log)) return *ended;
  const auto words = take_apart(desk.call.args, kSwitches);
  if (words.plain.empty()) return fail("error: a verb is missing");
  const auto listed = words.value("--kubeconfig").empty() ? environment("KUBECONFIG") : words.value("--kubeconfig");
  const auto kubeconfig = listed.substr(0, listed.find(':'));
  if (!std::filesystem::exists(kubeconfig))
    return fail(fmt::format("error: stat {}: no such file or directory", kubeconfig));
  auto cluster = desk.cluster(kubeconfig);
  // A kubeconfig that none of our tools wrote is a cluster that exists by itself.
  if (!cluster.exists()) cluster.create(1);
  if (!cluster.running())
    return fail("The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?");
  if (const auto ended = kubectl_in_pods(desk, words, cluster)) return *ended;
  return work({.desk = desk, .words = words, .cluster = cluster});
}

}  // namespace datamill::fake

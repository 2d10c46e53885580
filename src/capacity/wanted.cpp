#include "datamill/capacity/wanted.hpp"

#include "datamill/inventory/status_read.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::capacity {

using support::Node;

namespace {

// kubernetes docs: groups of its own API end so, or have no dot.
bool is_custom(std::string_view api_version) {
  const auto group = api_version.substr(0, api_version.find('/'));
  return support::contains(api_version, "/") && support::contains(group, ".") && !group.ends_with(".k8s.io");
}

bool is_hook(const Node& object) {
  const auto* annotations = object.find_path({"metadata", "annotations"});
  return annotations != nullptr && annotations->find("helm.sh/hook") != nullptr;
}

int number_at(const Node* node, std::string_view key, int fallback) {
  if (node == nullptr) return fallback;
  const auto number = support::parse_integer(node->text_at(key));
  return number && *number >= 0 && *number < 1'000'000 ? static_cast<int>(*number) : fallback;
}

class ObjectReader {
public:
  ObjectReader(const Node& object, const std::string& component, const std::string& ns, Wanted& wanted)
      : object_(object), component_(component), wanted_(wanted), spec_(object.find("spec")) {
    const auto* metadata = object.find("metadata");
    name_ = metadata == nullptr ? "" : std::string(metadata->text_at("name"));
    ns_ = metadata == nullptr ? "" : std::string(metadata->text_at("namespace"));
    if (ns_.empty()) ns_ = ns;
  }

  void read() {
    const auto kind = object_.text_at("kind");
    if (kind == "Deployment" || kind == "ReplicaSet" || kind == "StatefulSet") {
      add_workload(number_at(spec_, "replicas", 1));
      if (kind == "StatefulSet") add_templates();
    } else if (kind == "DaemonSet") {
      add_workload(1);
    } else if (kind == "Job") {
      add_workload(std::min(number_at(spec_, "parallelism", 1), number_at(spec_, "completions", 1'000'000)));
    } else if (kind == "Pod" && spec_ != nullptr) {
      add_pods(object_.find("metadata"), *spec_, 1);
    } else if (kind == "PersistentVolumeClaim") {
      if (spec_ != nullptr) add_claim(*spec_, name_);
    } else if (kind == "Service") {
      add_ports();
    } else if (kind == "StorageClass") {
      wanted_.new_classes.push_back(name_);
    } else if (is_custom(object_.text_at("apiVersion"))) {
      wanted_.custom_resources = true;
    }
  }

private:
  void add_workload(int replicas) {
    const auto* pod = spec_ == nullptr ? nullptr : spec_->find("template");
    const auto* pod_spec = pod == nullptr ? nullptr : pod->find("spec");
    if (pod_spec != nullptr) add_pods(pod->find("metadata"), *pod_spec, replicas);
  }

  void add_pods(const Node* metadata, const Node& pod_spec, int replicas) {
    wanted_.workloads.push_back({.component = component_,
                                 .object = {.api_version = std::string(object_.text_at("apiVersion")),
                                            .kind = std::string(object_.text_at("kind")),
                                            .ns = ns_,
                                            .name = name_},
                                 .replicas = replicas,
                                 .per_node = object_.text_at("kind") == "DaemonSet",
                                 .pod = read_pod(metadata, pod_spec, ns_)});
    for (const auto* key : {"initContainers", "containers"}) {
      const auto* containers = pod_spec.find(key);
      if (containers == nullptr) continue;
      for (const auto& container : containers->items)
        add_image(std::string(container.text_at("image")));
    }
  }

  void add_image(const std::string& reference) {
    const auto known = std::any_of(wanted_.images.begin(), wanted_.images.end(), [&](const WantedImage& image) {
      return image.component == component_ && image.reference == reference;
    });
    if (!known && !reference.empty()) wanted_.images.push_back({.component = component_, .reference = reference});
  }

  /// StatefulSet lake with template data: claims data-lake-0, data-lake-1, ...
  void add_templates() {
    const auto* templates = spec_ == nullptr ? nullptr : spec_->find("volumeClaimTemplates");
    if (templates == nullptr) return;
    const int replicas = number_at(spec_, "replicas", 1);
    for (const auto& claim : templates->items) {
      const auto* metadata = claim.find("metadata");
      const auto* spec = claim.find("spec");
      if (metadata == nullptr || spec == nullptr) continue;
      for (int i = 0; i < replicas; ++i)
        add_claim(*spec, fmt::format("{}-{}-{}", metadata->text_at("name"), name_, i));
    }
  }

  void add_claim(const Node& spec, const std::string& name) {
    if (!spec.text_at("volumeName").empty()) return;
    WantedClaim claim{.component = component_, .ns = ns_, .name = name};
    if (const auto* storage_class = spec.find("storageClassName");
        storage_class != nullptr && !storage_class->is_null())
      claim.storage_class = storage_class->scalar;
    if (const auto* requests = spec.find_path({"resources", "requests"}))
      claim.bytes = inventory::parse_quantity(requests->text_at("storage"));
    wanted_.claims.push_back(std::move(claim));
  }

  void add_ports() {
    const auto* ports = spec_ == nullptr ? nullptr : spec_->find("ports");
    if (ports == nullptr) return;
    for (const auto& port : ports->items) {
      const auto number = number_at(&port, "nodePort", 0);
      if (number == 0) continue;
      const auto protocol = port.text_at("protocol");
      wanted_.node_ports.push_back(
          {.component = component_,
           .service = fmt::format("{}/{}", ns_, name_),
           .port = {.port = number, .protocol = protocol.empty() ? "TCP" : std::string(protocol)}});
    }
  }

  const Node& object_;
  const std::string& component_;
  Wanted& wanted_;
  const Node* spec_;
  std::string name_{};
  std::string ns_{};
};

}  // namespace

void add_object(const Node& object, const std::string& component, const std::string& ns, Wanted& wanted) {
  if (const auto* items = object.find("items"); items != nullptr && object.text_at("kind").ends_with("List")) {
    for (const auto& item : items->items)
      add_object(item, component, ns, wanted);
    return;
  }
  if (!is_hook(object)) ObjectReader(object, component, ns, wanted).read();
}

}  // namespace datamill::capacity

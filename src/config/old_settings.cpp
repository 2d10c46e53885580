#include "config/old_settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace datamill::config {

namespace {

constexpr std::string_view kValues =
    "component.yaml names the values files, and one of that name beside the flavour wins";
constexpr std::string_view kVersion = "component.yaml pins the version";
constexpr std::string_view kPlace = "component.yaml says where it is installed";
constexpr std::string_view kStorage = "the cluster's default StorageClass is used";
constexpr std::string_view kObjects = "component.yaml names what is applied";
constexpr std::string_view kDatalake = "the capability s3 gives endpoint, bucket and credentials";
constexpr std::string_view kTimeout = "component.yaml gives every release its time limit";
constexpr std::string_view kGone = "nothing reads it";

/// Keys in the settings of data-mill's components at its last commit (2019-08-22).
constexpr std::array<std::pair<std::string_view, std::string_view>, 28> kOldKeys{{
    {"release", "component.yaml names the release"},
    {"config_file", kValues},
    {"config", kValues},
    {"setup_timeout", kTimeout},
    {"storage_class", kStorage},
    {"storageclass_name", kStorage},
    {"version", kVersion},
    {"use_version", kVersion},
    {"kubeflow_tag", kVersion},
    {"ksonnet_tag", kVersion},
    {"namespace", kPlace},
    {"k8s_namespace", kPlace},
    {"deployment_file", kObjects},
    {"deploy_registry", kObjects},
    {"pvc_name", kObjects},
    {"mode", kObjects},
    {"type", kObjects},
    {"datalake", kDatalake},
    {"artifact_store", kDatalake},
    {"events", "argo-events is a component of its own"},
    {"cd", "argo-cd is a component of its own"},
    {"ci", kGone},
    {"operator", kGone},
    {"catalog", kGone},
    {"diagnostic_ui", kGone},
    {"src_subfolder", kGone},
    {"conf_subfolder", kGone},
    {"host", kGone},
}};

}  // namespace

std::string_view old_setting(std::string_view key) {
  const auto* found = std::find_if(kOldKeys.begin(), kOldKeys.end(), [&](const auto& row) { return row.first == key; });
  return found == kOldKeys.end() ? std::string_view() : found->second;
}

}  // namespace datamill::config

#pragma once

#include "datamill/config/load_workspace.hpp"
#include "support/memory_file_source.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace datamill::tests {

/// A data root "/r" in memory with a few components; tests add files and load.
class ConfigFixture {
public:
  ConfigFixture() {
    files.set("/r/data/capabilities.yaml", "s3:\n"
                                           "  outputs: [endpoint, region, secret.name]\n"
                                           "  defaults: {region: us-east-1}\n"
                                           "postgres: {outputs: [host, port]}\n"
                                           "metrics: {outputs: []}\n");
    component("lake", "summary: Lake\n"
                      "settings:\n"
                      "  release: {type: name, default: lake}\n"
                      "  size: {type: quantity, default: 10Gi}\n"
                      "provides:\n"
                      "  s3: {endpoint: \"http://lake\", region: any, secret: {name: lake-s3}}\n"
                      "default_for: [s3]\n");
    component("mlflow", "summary: Tracking\n"
                        "aliases: [mlf]\n"
                        "settings:\n"
                        "  release: {type: name, default: mlflow}\n"
                        "  workers: {type: integer, default: 2}\n"
                        "needs: [s3]\n"
                        "releases:\n"
                        "  - name: ${settings.release}\n"
                        "    chart: {repo: https://example.org, name: mlflow, version: 1.0.0}\n"
                        "    values: [mlflow-values.yaml]\n");
    files.set("/r/components/mlflow/mlflow-values.yaml", "from: component\n");
    component("minio", "replaced_by: lake\nreason: gone\n");
    component("kafka", "reason: comes later\n");
    component("beta", "summary: Beta\noptional: true\n");
    files.set("/r/k8s-targets/default.yaml", "local: {provider: auto}\n");
    files.set("/r/k8s-targets/kwok.yaml", "local: {provider: kwok, cpus: 2}\n");
    files.set("/r/flavours/ds.yaml", "project: {flavour: [mlflow]}\n");
    request.root = "/r";
  }

  void component(const std::string& name, const std::string& text) {
    files.set(fmt::format("/r/components/{}/component.yaml", name), text);
  }
  void flavour(const std::string& text, const std::string& path = "/r/flavours/ds.yaml") {
    files.set(path, text);
    request.flavour = path;
  }

  std::optional<domain::Workspace> load() {
    diagnostics = {};
    return config::load_workspace(request, files, support::Environment(environment), diagnostics);
  }

  /// "DM201 message" of every problem, warnings with a "w" before the code.
  [[nodiscard]] std::vector<std::string> problems() const {
    std::vector<std::string> out;
    for (const auto& d : diagnostics.items())
      out.push_back(fmt::format("{}{} {}", d.severity == support::Severity::warning ? "w" : "", d.code, d.message));
    return out;
  }
  /// The same for a load with these settings, which must fail.
  [[nodiscard]] std::vector<std::string> problems_of_load() {
    const bool loaded = load().has_value();
    auto out = problems();
    if (loaded) out.emplace_back("(loaded)");
    return out;
  }
  /// "/r/flavours/ds.yaml:1:2: hint" of the first problem.
  [[nodiscard]] std::string first_place() const {
    return diagnostics.items().empty() ? std::string() : support::to_text(diagnostics.items().front().at);
  }
  [[nodiscard]] std::string first_hint() const {
    return diagnostics.items().empty() ? std::string() : diagnostics.items().front().hint;
  }

  MemoryFileSource files{};
  std::map<std::string, std::string> environment{{"HOME", "/home/x"}};
  config::LoadRequest request{};
  support::Diagnostics diagnostics{};
};

using Texts = std::vector<std::string>;

}  // namespace datamill::tests

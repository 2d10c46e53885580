#include "config/component_files.hpp"

#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::config {

using domain::Component;
using domain::ComponentConfig;
using domain::ResolvedFile;
using support::FileSource;
using support::Node;
using support::SourceRef;

namespace {

enum class Content : std::uint8_t { values, manifests };

/// Reads the files of one component.
class Reader {
public:
  Reader(const Component& component, const FilePlaces& places, const FileSource& files, ComponentConfig& config,
         support::Diagnostics& diagnostics)
      : component_(component), places_(places), files_(files), config_(config), diagnostics_(diagnostics) {}

  void read(const std::string& written, const SourceRef& at, Content content) {
    const auto name = resolved_name(written, at);
    if (!name || name->empty() || config_.files.count(*name) > 0) return;
    const auto path = find(*name, at);
    if (!path) return;
    auto text = read_text(files_, *path, diagnostics_);
    if (!text) return;
    auto documents = parse_yaml(*text, *path, Documents::many, diagnostics_);
    if (!documents || !check(*documents, *path, content)) return;
    ResolvedFile file{.path = *path, .content = std::move(*text), .named_at = at};
    if (content == Content::manifests) file.documents = std::move(*documents);
    config_.files[*name] = std::move(file);
  }

  void read_kustomize(const std::string& written, const SourceRef& at) {
    if (support::contains(written, "://") || support::contains(written, "?ref=")) return;
    const auto path = find(written, at);
    if (path) config_.files[written] = {.path = *path, .named_at = at};
  }

  void read_chart(const domain::ChartRef& chart) {
    if (chart.path.empty() || config_.chart_digests.count(chart.path) > 0) return;
    const std::string folder = join_path(places_.root, chart.path);
    if (files_.kind(folder + "/Chart.yaml") != FileSource::Kind::file) {
      diagnostics_.error("DM232", chart.at, fmt::format("there is no chart in \"{}\"", folder),
                         "a chart is a folder with Chart.yaml");
      return;
    }
    const auto digest = folder_digest(folder, files_, diagnostics_);
    if (digest) config_.chart_digests[chart.path] = *digest;
  }

  /// Below the data root, unless it says otherwise.
  void read_seed(const domain::Template& written) {
    const auto name = resolved_name(written.text, written.at);
    if (!name || name->empty()) return;
    auto path = join_path(places_.root, *name);
    if (files_.kind(path) == FileSource::Kind::missing) {
      diagnostics_.error(
          "DM620", written.at,
          fmt::format("component \"{}\" fills a bucket from \"{}\", which is not there", component_.name, path),
          "give a file or folder (relative to the data root), or \"\" for an empty bucket");
      return;
    }
    config_.seeds[written.text] = std::move(path);
  }

private:
  /// `${settings.x}` in the name of a file, the only reference whose value is known here.
  [[nodiscard]] std::optional<std::string> resolved_name(const std::string& written, const SourceRef& at) const {
    constexpr std::string_view kStart = "${";
    constexpr std::string_view kSettings = "${settings.";
    std::string name;
    std::string_view rest = written;
    for (auto start = rest.find(kStart); start != std::string_view::npos; start = rest.find(kStart)) {
      const auto end = rest.find('}', start);
      const auto reference = rest.substr(start, end == std::string_view::npos ? end : end - start);
      const bool known = end != std::string_view::npos && reference.substr(0, kSettings.size()) == kSettings;
      const auto setting =
          known ? config_.settings.find(std::string(reference.substr(kSettings.size()))) : config_.settings.end();
      if (setting == config_.settings.end()) {
        diagnostics_.error("DM231", at, fmt::format("the name of a file may only refer to settings: \"{}\"", written),
                           "write for example ${settings.values_file}, a setting of this component");
        return std::nullopt;
      }
      name += rest.substr(0, start);
      name += setting->second.value.scalar;
      rest.remove_prefix(end + 1);
    }
    name += rest;
    return name;
  }

  [[nodiscard]] std::optional<std::string> find(const std::string& name, const SourceRef& at) const {
    std::string own = join_path(component_.directory, name);
    std::string first = places_.first.empty() ? own : join_path(places_.first, name);
    if (files_.kind(first) != FileSource::Kind::missing) return first;
    if (first != own && files_.kind(own) != FileSource::Kind::missing) return own;
    const std::string tried = first == own ? fmt::format("\"{}\"", own) : fmt::format("\"{}\" nor \"{}\"", first, own);
    diagnostics_.error("DM230", at,
                       fmt::format("component \"{}\" names the file \"{}\", which is {} {}", component_.name, name,
                                   first == own ? "not" : "neither", tried),
                       "make one of them, or change the name");
    return std::nullopt;
  }

  [[nodiscard]] bool check(const std::vector<Node>& documents, const std::string& path, Content content) const {
    for (const auto& document : documents) {
      if (document.is_map()) continue;
      diagnostics_.error("DM233", document.at,
                         content == Content::values ? "a values file must be a map"
                                                    : "a manifest must be a map with apiVersion and kind");
      return false;
    }
    if (content == Content::manifests || documents.size() < 2) return true;
    diagnostics_.error("DM233", documents[1].at,
                       fmt::format("the values file \"{}\" has a second document, helm reads one", path),
                       "remove the line \"---\"");
    return false;
  }

  const Component& component_;
  const FilePlaces& places_;
  const FileSource& files_;
  ComponentConfig& config_;
  support::Diagnostics& diagnostics_;
};

void read_simulate(const Component& component, const FileSource& files, ComponentConfig& config,
                   support::Diagnostics& diagnostics) {
  constexpr std::string_view kName = "simulate.yaml";
  const std::string path = fmt::format("{}/{}", component.directory, kName);
  if (files.kind(path) != FileSource::Kind::file) return;
  const auto text = read_text(files, path, diagnostics);
  if (!text) return;
  auto documents = parse_yaml(*text, path, Documents::many, diagnostics);
  if (documents) config.simulate = std::move(*documents);
}

}  // namespace

void read_component_files(const Component& component, const FilePlaces& places, const FileSource& files,
                          ComponentConfig& config, support::Diagnostics& diagnostics) {
  Reader reader(component, places, files, config, diagnostics);
  for (const auto& release : component.releases) {
    for (const auto& name : release.values)
      reader.read(name.text, name.at, Content::values);
    reader.read_chart(release.chart);
  }
  for (const auto* manifests : {&component.manifests, &component.per_bucket, &component.per_database}) {
    for (const auto& manifest : *manifests) {
      if (!manifest.file.empty()) reader.read(manifest.file, manifest.at, Content::manifests);
      if (!manifest.kustomize.empty()) reader.read_kustomize(manifest.kustomize, manifest.at);
    }
  }
  for (const auto& bucket : component.buckets)
    reader.read_seed(bucket.seed);
  read_simulate(component, files, config, diagnostics);
}

}  // namespace datamill::config

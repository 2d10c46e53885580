#include "planner/desired_charts.hpp"

#include "datamill/support/text.hpp"
#include "datamill/tools/helm.hpp"

#include <fmt/format.h>

namespace datamill::planner {

namespace {

/// The mirror of a repository or OCI reference: the longest prefix wins; "" stands for every one.
std::string mirror_of(const std::string& source, const domain::UserConfig& user) {
  const std::string* target = nullptr;
  std::size_t longest = 0;
  for (const auto& [prefix, to] : user.chart_mirrors) {
    const auto length = prefix == "*" ? 0 : prefix.size();
    if (length > 0 && !source.starts_with(prefix)) continue;
    if (target == nullptr || length > longest) {
      target = &to;
      longest = length;
    }
  }
  return target == nullptr ? source : *target;
}

bool is_url(std::string_view text) {
  return support::contains(text, "://") && !text.starts_with("file://");
}

std::string without_file_scheme(const std::string& text) {
  return text.starts_with("file://") ? text.substr(std::string_view("file://").size()) : text;
}

}  // namespace

void locate_chart(const domain::ChartRef& chart, const domain::ComponentConfig& config, const Context& context,
                  DesiredRelease& release) {
  (void)config;
  if (!chart.path.empty()) {
    release.chart_path = context.places.root + "/" + chart.path;
    release.chart_name = chart.path.substr(chart.path.rfind('/') + 1);
    release.chart_version = chart.version;
    return;
  }
  const auto original = chart.oci.empty() ? chart.repo : chart.oci;
  release.chart_name = chart.name.empty() ? original.substr(original.rfind('/') + 1) : chart.name;
  release.chart_version = chart.version;
  const auto file = fmt::format("{}-{}.tgz", release.chart_name, chart.version);
  const auto source = mirror_of(original, context.workspace.user);
  if (!is_url(source)) {
    release.chart_path = without_file_scheme(source) + "/" + file;
    return;
  }
  // One folder per source: two repositories may have charts of the same name and version.
  const auto folder = fmt::format("{}/{}", context.places.charts(), support::sha256_hex(source).substr(0, 12));
  release.chart_path = folder + "/" + file;
  tools::HelmPull pull{.chart = release.chart_name, .version = chart.version, .destination = folder};
  if (source.starts_with("oci://")) {
    pull.chart = source.ends_with("/" + release.chart_name) ? source : source + "/" + release.chart_name;
  } else {
    pull.repo = source;
  }
  release.pull = to_command(pull);
}

std::string chart_digest(const domain::ChartRef& chart, const domain::ComponentConfig& config) {
  if (const auto digest = config.chart_digests.find(chart.path); digest != config.chart_digests.end())
    return digest->second;
  if (!chart.sha256.empty()) return chart.sha256;
  return chart.repo + chart.oci;
}

std::string release_digest(const DesiredRelease& release, const std::vector<std::string>& values,
                           const std::string& chart) {
  // Lengths keep two files apart from one that holds both.
  std::string text = fmt::format("{} {} {}\n", release.chart_name, release.chart_version, chart);
  for (const auto& content : values)
    text += fmt::format("values {}\n{}", content.size(), content);
  text += "set " + release.set.display();
  return support::sha256_hex(text);
}

}  // namespace datamill::planner

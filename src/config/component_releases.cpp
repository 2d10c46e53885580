#include "config/component_reader.hpp"
#include "config/shape.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::ChartRef;
using domain::Release;
using support::MapReader;
using support::Node;

namespace {

bool starts_with(std::string_view text, std::string_view part) {
  return text.substr(0, part.size()) == part;
}

void check_chart(const ChartRef& chart, MapReader& reader) {
  support::Diagnostics& diagnostics = reader.diagnostics();
  const int ways = (chart.repo.empty() ? 0 : 1) + (chart.oci.empty() ? 0 : 1) + (chart.path.empty() ? 0 : 1);
  if (ways != 1) {
    diagnostics.error(
        "DM133", chart.at, fmt::format("{} must have exactly one of repo, oci, path", reader.what()),
        "write {repo: https://..., name: ..., version: ...}, {oci: oci://..., version: ...} or {path: charts/...}");
    return;
  }
  if (!chart.repo.empty() && chart.name.empty())
    diagnostics.error("DM122", chart.at, fmt::format("{} needs \"name\"", reader.what()));
  if (chart.path.empty() && chart.version.empty())
    diagnostics.error("DM134", chart.at, fmt::format("{} needs an exact \"version\"", reader.what()),
                      "pin it: a chart that changes by itself cannot be installed twice alike");
  if (!chart.repo.empty() && !starts_with(chart.repo, "https://"))
    diagnostics.error("DM134", reader.at("repo"),
                      fmt::format("\"repo\" of {} must start with https://", reader.what()));
  if (!chart.oci.empty() && !starts_with(chart.oci, "oci://"))
    diagnostics.error("DM134", reader.at("oci"), fmt::format("\"oci\" of {} must start with oci://", reader.what()));
  if (starts_with(chart.path, "/") || support::contains(chart.path, ".."))
    diagnostics.error("DM134", reader.at("path"),
                      fmt::format("\"path\" of {} must lie below the data root", reader.what()),
                      "write for example charts/object-store");
}

ChartRef read_chart(const Node& node, const std::string& owner, support::Diagnostics& diagnostics) {
  MapReader reader(node, fmt::format("\"chart\" of {}", owner), diagnostics);
  ChartRef chart{.repo = reader.text_or("repo", {}),
                 .oci = reader.text_or("oci", {}),
                 .path = reader.text_or("path", {}),
                 .name = reader.text_or("name", {}),
                 .version = reader.text_or("version", {}),
                 .sha256 = reader.text_or("sha256", {}),
                 .at = node.at};
  reader.finish();
  if (node.is_map()) check_chart(chart, reader);
  return chart;
}

Release read_release(const Node& item, const std::string& owner, support::Diagnostics& diagnostics) {
  MapReader reader(item, fmt::format("a release of {}", owner), diagnostics);
  (void)reader.required_text("name");
  Release release{.name = read_template(reader, "name"), .at = item.at};
  const std::string what = fmt::format("release \"{}\" of {}", release.name.text, owner);
  const Node* chart = reader.node("chart");
  if (chart != nullptr)
    release.chart = read_chart(*chart, what, diagnostics);
  else if (item.is_map())
    diagnostics.error("DM122", item.at, fmt::format("{} needs \"chart\"", what));
  release.values = read_templates(reader, "values");
  (void)reader.entries("set");
  const Node* set = reader.node("set");
  if (set != nullptr) release.set = *set;
  release.timeout = reader.duration("timeout").value_or(release.timeout);
  release.when = read_condition(reader);
  reader.finish();
  return release;
}

}  // namespace

std::vector<Release> read_releases(MapReader& component) {
  std::vector<Release> releases;
  for (const auto& item : component.items("releases")) {
    releases.push_back(read_release(item, component.what(), component.diagnostics()));
    const Release& added = releases.back();
    const auto same = [&](const Release& r) { return r.name.text == added.name.text && !r.when && !added.when; };
    if (std::count_if(releases.begin(), releases.end(), same) > 1)
      component.diagnostics().error("DM139", added.name.at,
                                    fmt::format("{} has the release \"{}\" twice", component.what(), added.name.text));
  }
  return releases;
}

}  // namespace datamill::config

#include "cli/rendering.hpp"

#include "cli/rendered_objects.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <unistd.h>

namespace datamill::cli {

namespace fs = std::filesystem;
using command::Command;
using planner::ReleaseRendering;

namespace {

constexpr std::size_t kMostRenders = 400;  ///< files kept in the cache
constexpr std::chrono::seconds kPullTime{180};
constexpr std::chrono::seconds kRenderTime{60};
constexpr std::size_t kMaxBytes = std::size_t{64} * 1024 * 1024;

/// What of an error of helm says why.
std::string reason_of(const exec::CaptureResult& result) {
  const auto lines = support::split_lines(support::trim(result.err));
  return lines.empty() ? proc::to_text(result.outcome) : lines.back();
}

/// Another helm may render another text.
std::string helm_stamp(const Session& session) {
  const auto path = session.tool_paths().find("helm");
  if (path == session.tool_paths().end()) return {};
  std::error_code error;
  const auto size = fs::file_size(path->second, error);
  const auto time = fs::last_write_time(path->second, error);
  return fmt::format("{} {} {}", path->second, size, error ? 0 : time.time_since_epoch().count());
}

class RenderCache {
public:
  explicit RenderCache(const Session& session)
      : folder_(session.places().cache + "/renders"), helm_(helm_stamp(session)) {}

  [[nodiscard]] std::string path_of(const ReleaseRendering& release) const {
    const auto text = fmt::format("{}\n{}\n{}", helm_, release.digest, command::to_shell(release.command));
    return fmt::format("{}/{}.yaml", folder_, support::sha256_hex(text));
  }

  /// A cache that cannot be written costs time and nothing else.
  void put(const std::string& path, const std::string& text) const {
    std::error_code error;
    fs::create_directories(folder_, error);
    const auto part = fmt::format("{}.{}", path, getpid());
    const bool written = static_cast<bool>(std::ofstream(part) << text << std::flush);
    if (written) fs::rename(part, path, error);
    if (!written || error) fs::remove(part, error);
  }

  /// The oldest go.
  void prune() const {
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, fs::path>> kept;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error))
      kept.emplace_back(entry->last_write_time(error), entry->path());
    if (kept.size() <= kMostRenders) return;
    std::sort(kept.begin(), kept.end());
    for (std::size_t i = 0; i + kMostRenders < kept.size(); ++i)
      fs::remove(kept[i].second, error);
  }

private:
  std::string folder_;
  std::string helm_;
};

bool is_there(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// Charts go where the plan's own steps put them; those steps then find them.
void pull_charts(Session& session, std::vector<RenderedRelease*>& releases) {
  std::vector<Command> pulls;
  std::vector<std::string> charts;
  for (const auto* release : releases) {
    const auto& chart = release->plan.chart_path;
    if (!release->plan.pull || is_there(chart) || std::find(charts.begin(), charts.end(), chart) != charts.end())
      continue;
    std::error_code error;
    fs::create_directories(fs::path(chart).parent_path(), error);
    pulls.push_back(*release->plan.pull);
    charts.push_back(chart);
  }
  const auto results = capture_some_at_a_time(session, pulls, kPullTime);
  for (auto* release : releases) {
    const auto chart = std::find(charts.begin(), charts.end(), release->plan.chart_path);
    if (chart == charts.end()) continue;
    const auto& result = results[static_cast<std::size_t>(chart - charts.begin())];
    if (!result.ok()) release->problem = fmt::format("its chart cannot be had: {}", reason_of(result));
  }
}

void take(RenderedRelease& release, std::string_view text) {
  auto found = read_objects_of(text);
  release.objects = std::move(found.objects);
  if (found.unreadable > 0) release.problem = fmt::format("{} of its objects cannot be read", found.unreadable);
}

void render_releases(Session& session, std::vector<RenderedRelease*> releases) {
  const RenderCache cache(session);
  std::erase_if(releases, [&](RenderedRelease* release) {
    const auto text = session.app().files.read(cache.path_of(release->plan), kMaxBytes).text;
    if (text) take(*release, *text);
    return text.has_value();
  });
  if (releases.empty()) return;
  pull_charts(session, releases);
  std::erase_if(releases, [](const RenderedRelease* release) { return !release->problem.empty(); });
  std::vector<Command> commands;
  for (const auto* release : releases)
    commands.push_back(release->plan.command);
  const auto results = capture_some_at_a_time(session, commands, kRenderTime);
  for (std::size_t i = 0; i < releases.size(); ++i) {
    if (!results[i].ok()) {
      releases[i]->problem = fmt::format("helm cannot render it: {}", reason_of(results[i]));
      continue;
    }
    take(*releases[i], results[i].out);
    cache.put(cache.path_of(releases[i]->plan), results[i].out);
  }
  cache.prune();
}

void add_own(const planner::ManifestRendering& manifest, RenderedComponent& component) {
  if (!manifest.source.empty()) {
    component.unknown.push_back(manifest.title);
    return;
  }
  auto found = read_objects_of(manifest.text);
  for (auto& object : found.objects)
    component.own.emplace_back(manifest.ns, std::move(object));
  if (found.unreadable > 0) component.unknown.push_back(manifest.title);
}

}  // namespace

std::vector<exec::CaptureResult> capture_some_at_a_time(Session& session, const std::vector<Command>& commands,
                                                        std::chrono::seconds timeout) {
  const std::size_t most = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, 8);
  std::vector<exec::CaptureResult> results;
  for (std::size_t first = 0; first < commands.size(); first += most) {
    std::vector<exec::CaptureRequest> requests;
    for (std::size_t i = first; i < std::min(first + most, commands.size()); ++i)
      requests.push_back({.command = session.resolve(commands[i]), .timeout = timeout});
    for (auto& result : exec::capture_all(session.runner(), requests))
      results.push_back(std::move(result));
  }
  return results;
}

std::vector<RenderedComponent> render(Session& session, const std::vector<planner::ComponentRendering>& wanted,
                                      RenderScope scope) {
  const bool all = scope == RenderScope::everything;
  std::vector<RenderedComponent> components;
  for (const auto& plan : wanted) {
    if (!all && !plan.changes) continue;
    auto& component = components.emplace_back(RenderedComponent{.plan = plan});
    for (const auto& release : plan.releases) {
      if (all || release.changes) component.releases.push_back({.plan = release});
    }
    for (const auto& manifest : plan.manifests) {
      if (all || plan.rest_changes) add_own(manifest, component);
    }
  }
  std::vector<RenderedRelease*> releases;
  for (auto& component : components) {
    for (auto& release : component.releases)
      releases.push_back(&release);
  }
  render_releases(session, std::move(releases));
  return components;
}

}  // namespace datamill::cli

#include "toolbox/find.hpp"

#include "datamill/support/text.hpp"

#include <filesystem>
#include <unistd.h>

namespace datamill::toolbox {

namespace fs = std::filesystem;

namespace {

Candidate inspected(ToolOrigin origin, std::string path) {
  Candidate candidate{.origin = origin, .path = std::move(path)};
  std::error_code error;
  const auto status = fs::status(candidate.path, error);
  if (!fs::exists(status)) {
    candidate.problem = "does not exist";
    candidate.code = "DM401";
  } else if (fs::is_directory(status)) {
    candidate.problem = "is a folder";
    candidate.code = "DM403";
  } else if (access(candidate.path.c_str(), X_OK) != 0) {
    candidate.problem = "is not executable";
    candidate.code = "DM403";
  }
  return candidate;
}

/// The first executable wins; a file that is there but cannot be run is remembered for the message.
std::optional<Candidate> search(const std::string& name, ToolOrigin origin, const support::Environment& environment) {
  std::optional<Candidate> unusable;
  for (const std::string& folder : support::split(environment.get("PATH"), ':')) {
    // An empty or relative entry means the working directory: never run what happens to lie there.
    if (folder.empty() || folder.front() != '/') continue;
    Candidate candidate = inspected(origin, (fs::path(folder) / name).string());
    if (candidate.problem.empty()) return candidate;
    if (candidate.problem == "is not executable" && !unusable) unusable = std::move(candidate);
  }
  return unusable;
}

}  // namespace

std::string environment_variable(std::string_view tool) {
  std::string name = "DATAMILL_";
  for (const char c : tool) {
    if (c >= 'a' && c <= 'z')
      name += static_cast<char>(c - 'a' + 'A');
    else
      name += c == '-' ? '_' : c;
  }
  return name;
}

std::optional<Candidate> environment_candidate(const ToolSpec& tool, const support::Environment& environment) {
  const std::string value = environment.get(environment_variable(tool.name));
  if (value.empty()) return std::nullopt;
  if (value.find('/') != std::string::npos) return inspected(ToolOrigin::environment, value);
  auto found = search(value, ToolOrigin::environment, environment);
  if (found) return found;
  return Candidate{.origin = ToolOrigin::environment, .path = value, .problem = "is not on PATH", .code = "DM401"};
}

std::optional<Candidate> path_candidate(const ToolSpec& tool, const support::Environment& environment) {
  if (!tool.on_path_ok) return std::nullopt;
  return search(tool.name, ToolOrigin::path, environment);
}

std::string cache_folder(const ToolSpec& tool, const std::string& cache) {
  return (fs::path(cache) / "tools" / tool.name / tool.version).string();
}

std::string cache_path(const ToolSpec& tool, const std::string& cache) {
  return (fs::path(cache_folder(tool, cache)) / tool.binary).string();
}

std::optional<Candidate> cache_candidate(const ToolSpec& tool, const std::string& cache) {
  if (tool.version.empty() || cache.empty()) return std::nullopt;
  Candidate candidate = inspected(ToolOrigin::cache, cache_path(tool, cache));
  if (candidate.code == "DM401") return std::nullopt;
  return candidate;
}

}  // namespace datamill::toolbox

#include "toolbox/inspect.hpp"

#include "toolbox/find.hpp"
#include "toolbox/probe.hpp"

#include <fmt/format.h>

#include <deque>

namespace datamill::toolbox {

namespace {

/// One tool on its way through its candidates.
struct Search {
  const ToolSpec* tool = nullptr;
  ToolStatus status{};
  std::deque<Candidate> candidates{};
};

std::string way_of(const Search& search, const Candidate& candidate) {
  if (candidate.origin == ToolOrigin::environment) return environment_variable(search.tool->name);
  return candidate.origin == ToolOrigin::path ? "PATH" : "cache";
}

void reject(Search& search, const Candidate& candidate, const std::string& problem, const std::string& code) {
  search.status.tried.push_back(fmt::format("{}: {} {}", way_of(search, candidate), candidate.path, problem));
  // The first copy that was there explains best why the tool is missing.
  if (!search.status.problem.empty()) return;
  search.status.problem =
      candidate.origin == ToolOrigin::environment
          ? fmt::format("{} names \"{}\", which {}", environment_variable(search.tool->name), candidate.path, problem)
          : fmt::format("\"{}\" {}", candidate.path, problem);
  search.status.code = code;
}

void accept(Search& search, const Candidate& candidate, const std::string& version) {
  search.candidates.clear();
  search.status.origin = candidate.origin;
  search.status.path = candidate.path;
  search.status.version = version;
  search.status.problem.clear();
  search.status.code.clear();
}

Search start_search(const Services& services, const ToolSpec& tool) {
  Search search{.tool = &tool, .status = {.name = tool.name}};
  if (auto named = environment_candidate(tool, services.environment)) {
    search.status.from_environment = true;
    search.candidates.push_back(std::move(*named));
    return search;
  }
  if (auto found = path_candidate(tool, services.environment))
    search.candidates.push_back(std::move(*found));
  else if (tool.on_path_ok)
    search.status.tried.push_back(fmt::format("PATH: no {}", tool.name));
  if (auto cached = cache_candidate(tool, services.paths.cache)) search.candidates.push_back(std::move(*cached));
  return search;
}

/// Drops what cannot even be started; the first one left is to be probed.
void drop_unusable(Search& search) {
  while (!search.candidates.empty() && !search.candidates.front().problem.empty()) {
    reject(search, search.candidates.front(), search.candidates.front().problem, search.candidates.front().code);
    search.candidates.pop_front();
  }
}

void judge(Search& search, const ProbeResult& result) {
  const Candidate candidate = search.candidates.front();
  search.candidates.pop_front();
  if (!result.problem.empty()) return reject(search, candidate, result.problem, result.code);
  const std::string problem = version_problem(*search.tool, candidate.origin, result.version);
  if (!problem.empty()) return reject(search, candidate, problem, "DM402");
  accept(search, candidate, result.version);
}

void finish(const Services& services, Search& search) {
  if (search.status.origin != ToolOrigin::missing) return;
  if (!search.tool->version.empty() && !search.status.from_environment)
    search.status.tried.push_back(fmt::format("cache: no {}", cache_path(*search.tool, services.paths.cache)));
  if (!search.status.problem.empty()) return;
  search.status.problem = "not found";
  search.status.code = "DM401";
}

}  // namespace

std::vector<ToolStatus> inspect(const Services& services, const std::vector<const ToolSpec*>& tools) {
  std::vector<Search> searches;
  for (const ToolSpec* tool : tools)
    searches.push_back(start_search(services, *tool));
  while (true) {
    std::vector<ProbeRequest> requests;
    std::vector<Search*> waiting;
    for (Search& search : searches) {
      drop_unusable(search);
      if (search.candidates.empty()) continue;
      requests.push_back({.tool = search.tool, .path = search.candidates.front().path});
      waiting.push_back(&search);
    }
    if (requests.empty()) break;
    const auto results = probe_all(requests, services.probes, services.runner);
    for (std::size_t i = 0; i < waiting.size(); ++i)
      judge(*waiting[i], results[i]);
  }
  services.probes.save();
  std::vector<ToolStatus> statuses;
  for (Search& search : searches) {
    finish(services, search);
    statuses.push_back(std::move(search.status));
  }
  return statuses;
}

void inspect_cache(const Services& services, const std::vector<Wanted>& wanted) {
  for (const Wanted& one : wanted) {
    Search search{.tool = one.tool, .status = *one.status};
    const auto cached = cache_candidate(*one.tool, services.paths.cache);
    if (!cached || !cached->problem.empty()) continue;
    search.candidates.push_back(*cached);
    judge(search, probe_all({{.tool = one.tool, .path = cached->path}}, services.probes, services.runner).front());
    if (search.status.ok()) *one.status = std::move(search.status);
  }
}

}  // namespace datamill::toolbox

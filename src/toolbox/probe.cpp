#include "toolbox/probe.hpp"

#include "datamill/exec/secret_store.hpp"
#include "datamill/support/text.hpp"
#include "toolbox/version.hpp"

#include <fmt/format.h>

#include <variant>

namespace datamill::toolbox {

namespace {

constexpr std::size_t kQuotedWidth = 80;

std::string first_line(const exec::CaptureResult& result) {
  for (const auto* text : {&result.out, &result.err}) {
    for (const std::string& line : support::split_lines(*text)) {
      if (const auto trimmed = support::trim(line); !trimmed.empty())
        return fmt::format(": \"{}\"", support::elide_middle(trimmed, kQuotedWidth));
    }
  }
  return ", but nothing at all";
}

exec::CaptureRequest capture_request(const ProbeRequest& request) {
  command::Command command{.program = request.tool->name, .args = request.tool->probe};
  return {.command = command::CommandResolver::resolve(command, request.path, exec::SecretStore()),
          .timeout = kProbeLimit};
}

}  // namespace

ProbeResult read_probe(const exec::CaptureResult& result) {
  if (std::holds_alternative<proc::TimedOut>(result.outcome))
    return {.problem = fmt::format("gives no answer within {} s", kProbeLimit.count()), .code = "DM405"};
  if (std::holds_alternative<proc::NotStarted>(result.outcome))
    return {.problem = proc::to_text(result.outcome), .code = "DM403"};
  if (!result.ok())
    return {.problem = fmt::format("ends with {}{}", proc::to_text(result.outcome), first_line(result)),
            .code = "DM404"};
  auto version = find_version(result.out);
  if (!version) version = find_version(result.err);
  if (!version) return {.problem = fmt::format("prints no version{}", first_line(result)), .code = "DM404"};
  return {.version = to_text(*version)};
}

std::vector<ProbeResult> probe_all(const std::vector<ProbeRequest>& requests, ProbeCache& cache, proc::Runner& runner) {
  std::vector<ProbeResult> results(requests.size());
  std::vector<std::size_t> asked;
  std::vector<exec::CaptureRequest> captures;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (auto known = cache.find(requests[i].path)) {
      results[i].version = *known;
      continue;
    }
    asked.push_back(i);
    captures.push_back(capture_request(requests[i]));
  }
  if (captures.empty()) return results;
  const auto answers = exec::capture_all(runner, captures);
  for (std::size_t k = 0; k < asked.size(); ++k) {
    ProbeResult& result = results[asked[k]] = read_probe(answers[k]);
    if (result.problem.empty()) cache.put(requests[asked[k]].path, result.version);
  }
  return results;
}

std::string version_problem(const ToolSpec& tool, ToolOrigin origin, const std::string& version) {
  const auto found = find_version(version);
  const auto pinned = parse_version(tool.version);
  const auto minimum = parse_version(tool.minimum);
  if (!found) return {};
  const bool ours = origin == ToolOrigin::cache || origin == ToolOrigin::downloaded || origin == ToolOrigin::built;
  if (pinned && (ours || !minimum) && *found != *pinned) return fmt::format("is {}, not {}", version, tool.version);
  if (!ours && minimum && *found < *minimum) return fmt::format("is {}, older than {}", version, tool.minimum);
  return {};
}

}  // namespace datamill::toolbox

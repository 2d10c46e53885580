#include "rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::architecture {

namespace {

struct Layer {
  std::string_view name{};
  std::string_view may_include{};  ///< other layers, or "*"
};

constexpr std::array kLayers{
    Layer{"support", ""},
    Layer{"domain", "support"},
    Layer{"command", "support"},
    Layer{"config", "domain support"},
    Layer{"tools", "command domain support"},
    Layer{"plan", "command domain support"},
    Layer{"inventory", "tools command domain support"},
    Layer{"planner", "plan tools inventory command domain support"},
    Layer{"diagnose", "domain support"},
    Layer{"capacity", "inventory domain support"},
    Layer{"proc", "command support"},
    Layer{"net", "support"},
    Layer{"exec", "plan command proc domain support"},
    Layer{"watch", "diagnose exec net tools plan command domain support"},
    Layer{"toolbox", "exec net config plan proc command domain support"},
    Layer{"node", "exec plan proc command support"},
    Layer{"ui", "exec plan command proc domain support"},
    Layer{"cli", "*"},
};

/// Public headers that are the only ones of their layer another layer may see.
struct OnlyHeaders {
  std::string_view from{};
  std::string_view layer{};
  std::string_view headers{};  ///< separated by blanks
};
/// Views show what runs say, and what was kept of them; they start none.
constexpr std::array kOnlyHeaders{
    OnlyHeaders{"ui", "exec", "datamill/exec/event.hpp datamill/exec/run_record.hpp datamill/exec/run_summary.hpp"}};

struct ThirdParty {
  std::string_view prefix{};
  std::string_view layers{};  ///< "*" = all, also in include/
};
constexpr std::array kThirdParty{
    ThirdParty{"fmt/", "*"},      ThirdParty{"nlohmann/", "support"}, ThirdParty{"yaml.h", "config"},
    ThirdParty{"boost/", "proc"}, ThirdParty{"curl/", "net"},         ThirdParty{"dlfcn.h", "net"},
    ThirdParty{"CLI/", "cli"},    ThirdParty{"spdlog/", "support"},
};
constexpr std::array<std::string_view, 4> kSystemFolders{"sys/", "linux/", "netinet/", "arpa/"};

bool lists(std::string_view words, std::string_view word) {
  const auto list = support::split_list(words, " ");
  return words == "*" || std::find(list.begin(), list.end(), word) != list.end();
}

struct Include {
  std::string name{};
  bool quoted = false;
};

/// The included name, or "" where the line includes nothing.
Include include_of(std::string_view line) {
  auto rest = support::trim(line);
  if (!rest.starts_with('#')) return {};
  rest = support::trim(rest.substr(1));
  if (!rest.starts_with("include")) return {};
  rest = support::trim(rest.substr(7));
  if (rest.size() < 2 || (rest.front() != '"' && rest.front() != '<')) return {};
  const bool quoted = rest.front() == '"';
  const auto end = rest.find(quoted ? '"' : '>', 1);
  return {std::string(rest.substr(1, end - 1)), quoted};
}

/// What is wrong with including `name` of our own, or "".
std::string own_problem(std::string_view layer, std::string_view name) {
  const auto other = layer_of(fmt::format("include/{}", name));
  if (other == layer) return {};
  const auto row = std::find_if(kLayers.begin(), kLayers.end(), [&](const Layer& l) { return l.name == layer; });
  if (row == kLayers.end()) return fmt::format("layer \"{}\" is not in the table", layer);
  if (!lists(row->may_include, other)) return fmt::format("{} must not include {} ({})", layer, other, name);
  const auto only = std::find_if(kOnlyHeaders.begin(), kOnlyHeaders.end(),
                                 [&](const OnlyHeaders& o) { return o.from == layer && o.layer == other; });
  if (only == kOnlyHeaders.end() || lists(only->headers, name)) return {};
  return fmt::format("{} may include only {} of {}, not {}", layer, only->headers, other, name);
}

std::string private_problem(const SourceFile& file, std::string_view layer, std::string_view name) {
  if (file.path.starts_with("include/")) return fmt::format("a public header includes the private \"{}\"", name);
  const auto slash = name.find('/');
  if (slash == std::string_view::npos || name.substr(0, slash) == layer) return {};
  return fmt::format("\"{}\" is private to another layer", name);
}

std::string system_problem(const SourceFile& file, std::string_view layer, std::string_view name) {
  if (name == "regex") return "std::regex is not used here";
  if (name == "iostream") return "iostream is not used here";
  const auto row = std::find_if(kThirdParty.begin(), kThirdParty.end(),
                                [&](const ThirdParty& t) { return name.starts_with(t.prefix); });
  if (row != kThirdParty.end()) {
    if (row->layers == "*") return {};
    if (file.path.starts_with("include/")) return fmt::format("<{}> in a public header", name);
    return lists(row->layers, layer) ? std::string{} : fmt::format("<{}> belongs to {}", name, row->layers);
  }
  const bool system = name.find('/') == std::string_view::npos ||
                      std::any_of(kSystemFolders.begin(), kSystemFolders.end(),
                                  [&](std::string_view folder) { return name.starts_with(folder); });
  return system ? std::string{} : fmt::format("<{}> is of no known third party", name);
}

}  // namespace

std::string layer_of(std::string_view path) {
  for (const std::string_view prefix : {"include/datamill/", "src/"}) {
    if (!path.starts_with(prefix)) continue;
    const auto rest = path.substr(prefix.size());
    const auto slash = rest.find('/');
    return slash == std::string_view::npos ? std::string{} : std::string(rest.substr(0, slash));
  }
  return {};
}

Problems include_problems(const SourceFile& file) {
  Problems problems;
  const auto layer = layer_of(file.path);
  if (layer.empty()) return {fmt::format("{}:1: the file is in no layer's folder", file.path)};
  const auto lines = support::split_lines(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto include = include_of(lines[i]);
    if (include.name.empty()) continue;
    std::string problem;
    if (include.name.starts_with("datamill/"))
      problem = own_problem(layer, include.name);
    else if (include.quoted)
      problem = private_problem(file, layer, include.name);
    else
      problem = system_problem(file, layer, include.name);
    if (!problem.empty()) problems.push_back(fmt::format("{}:{}: {}", file.path, i + 1, problem));
  }
  return problems;
}

Problems facade_problems(const std::vector<SourceFile>& files) {
  Problems including;
  for (const auto& file : files) {
    const auto lines = support::split_lines(file.text);
    if (std::any_of(lines.begin(), lines.end(),
                    [](const std::string& line) { return include_of(line).name.starts_with("CLI/"); })) {
      including.push_back(file.path);
    }
  }
  return including;
}

}  // namespace datamill::architecture

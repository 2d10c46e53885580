#include "config/target_reader.hpp"

#include "config/paths.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/map_reader.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::Location;
using domain::Target;
using support::FileSource;
using support::MapReader;
using support::Node;

namespace {

constexpr std::int64_t kMostCpus = 4096;
constexpr std::int64_t kMostNodes = 5000;

void read_provider(MapReader& reader, Target& target) {
  target.provider = reader.text_or("provider", target.location == Location::hybrid ? "existing" : "auto");
  if (target.location != Location::remote || target.provider != "aws") return;
  target.provider = "kops-aws";
  reader.diagnostics().warning("DM213", reader.at("provider"), "provider \"aws\" is called \"kops-aws\" now",
                               "write kops-aws, or eks for a cluster that AWS manages");
}

void read_common(MapReader& reader, Target& target) {
  target.cluster_name = reader.text_or("cluster_name", target.cluster_name);
  const std::string problem = domain::dns_label_problem(target.cluster_name);
  if (!problem.empty())
    reader.diagnostics().error("DM209", reader.at("cluster_name"),
                               fmt::format("\"cluster_name\" cannot be \"{}\": {}", target.cluster_name, problem),
                               fmt::format("write for example {}", domain::to_dns_label(target.cluster_name)));
  target.cpus = static_cast<int>(reader.integer("cpus", 1, kMostCpus).value_or(0));
  target.memory = reader.mebibytes("memory").value_or(support::Mebibytes{});
  target.storage = reader.mebibytes("storage").value_or(support::Mebibytes{});
  const auto nodes = reader.integer("nodes", 1, kMostNodes);
  const auto old_nodes = reader.integer("no_nodes", 1, kMostNodes);
  target.nodes = static_cast<int>(nodes ? *nodes : old_nodes.value_or(0));
  target.gpu_support = reader.boolean("gpu_support").value_or(false);
  target.kubernetes_version = reader.text_or("kubernetes_version", {});
  target.registry_mirror = reader.text_or("registry_mirror", {});
  target.addons = reader.text_list("addons");
}

/// What kubectl itself would take: KUBECONFIG, else ~/.kube/config.
std::string usual_kubeconfig(const support::Environment& environment) {
  std::string variable = environment.get("KUBECONFIG");
  if (!variable.empty()) return variable;
  const std::string home = environment.get("HOME");
  return home.empty() ? std::string() : join_path(home, ".kube/config");
}

/// `config:` may be a list of files, as in KUBECONFIG; each is expanded by itself.
std::string expand_list(const std::string& text, const support::Environment& environment, const support::SourceRef& at,
                        support::Diagnostics& diagnostics) {
  std::vector<std::string> paths;
  for (const auto& part : support::split_list(text, ":")) {
    const auto path = resolve_path(part, environment, at, diagnostics);
    if (path) paths.push_back(*path);
  }
  return support::join(paths, ":");
}

void read_hybrid(MapReader& reader, const KubeFlags& flags, const FileSource& files,
                 const support::Environment& environment, Target& target) {
  support::Diagnostics& diagnostics = reader.diagnostics();
  const auto config = reader.text("config");
  const auto at = config && flags.kubeconfig.empty() ? reader.at("config") : support::SourceRef{};
  target.context = flags.context.empty() ? reader.text_or("context", {}) : flags.context;
  if (!flags.kubeconfig.empty())
    target.kubeconfig = flags.kubeconfig;
  else
    target.kubeconfig = config ? expand_list(*config, environment, at, diagnostics) : usual_kubeconfig(environment);
  const auto paths = support::split_list(target.kubeconfig, ":");
  const auto exists = [&](const std::string& path) { return files.kind(path) == FileSource::Kind::file; };
  if (std::any_of(paths.begin(), paths.end(), exists)) return;
  if (config && paths.empty() && diagnostics.has_errors()) return;  // the path has been reported
  const std::string hint = "write hybrid: {config: PATH}, or give --kubeconfig PATH";
  if (target.kubeconfig.empty())
    diagnostics.error("DM212", at.line > 0 ? at : target.at, "no kubeconfig is known for the existing cluster", hint);
  else
    diagnostics.error("DM212", at, fmt::format("there is no kubeconfig \"{}\"", target.kubeconfig), hint);
}

}  // namespace

Target read_target(Location location, const Node& block, const KubeFlags& flags, const FileSource& files,
                   const support::Environment& environment, support::Diagnostics& diagnostics) {
  MapReader reader(block, fmt::format("\"{}\"", domain::to_name(location)), diagnostics);
  Target target{.location = location, .block = block, .at = block.at};
  if (target.block.is_null()) target.block = Node::map();
  read_provider(reader, target);
  read_common(reader, target);
  if (location == Location::hybrid) read_hybrid(reader, flags, files, environment, target);
  return target;
}

}  // namespace datamill::config

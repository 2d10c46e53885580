#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "tools.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include <sys/stat.h>

namespace datamill::fake {

namespace fs = std::filesystem;

namespace {

void write_kubeconfig(const std::string& path, const std::string& context) {
  write_file(path, fmt::format("apiVersion: v1\nkind: Config\ncurrent-context: {0}\n"
                               "contexts: [{{name: {0}, context: {{cluster: {0}, user: {0}}}}}]\n",
                               context));
  chmod(path.c_str(), 0600);
}

int create(const Words& words, const Desk& desk, const std::string& folder, const std::string& name) {
  if (fs::exists(folder + "/kubeconfig-path")) return fail(fmt::format("Error: cluster {} already exists", name));
  write_file(folder + "/kwok.yaml", "kind: KwokctlConfiguration\n");
  if (const auto ended = play(desk.rule, desk.call, desk.log)) return *ended;
  if (!fs::exists(words.value("--config"))) return fail("Error: no such file " + words.value("--config"));
  const auto kubeconfig = words.value("--kubeconfig");
  write_kubeconfig(kubeconfig, "kwok-" + name);
  write_file(folder + "/kubeconfig-path", kubeconfig);
  desk.cluster(kubeconfig).create(0);
  return 0;
}

}  // namespace

int kwokctl(const Desk& desk) {
  const auto words = take_apart(desk.call.args, "");
  const auto name = words.value("--name");
  const auto folder = fmt::format("{}/clusters/{}", environment("KWOK_WORKDIR"), name);
  const auto verb = words.plain.empty() ? std::string{} : words.plain.front();
  if (verb == "create") return create(words, desk, folder, name);
  if (const auto ended = play(desk.rule, desk.call, desk.log)) return *ended;
  const auto kubeconfig = read_file(folder + "/kubeconfig-path");
  auto cluster = desk.cluster(kubeconfig.empty() ? words.value("--kubeconfig") : kubeconfig);
  if (verb == "delete") {
    cluster.erase();
    fs::remove_all(folder);
    return 0;
  }
  if (!cluster.exists()) return fail(fmt::format("Error: cluster {} does not exist", name));
  if (verb == "scale")
    cluster.add_simulated_nodes(static_cast<int>(support::parse_integer(words.value("--replicas")).value_or(0)));
  else if (verb == "start" || verb == "stop")
    cluster.set_running(verb == "start");
  else
    return fail("Error: the fake kwokctl does not know " + desk.call.line());
  return 0;
}

int minikube(const Desk& desk) {
  if (const auto ended = play(desk.rule, desk.call, desk.log)) return *ended;
  const auto words = take_apart(desk.call.args, "--keep-context --embed-certs --keep-context-active");
  const auto verb = words.plain.empty() ? std::string{} : words.plain.front();
  const auto profile = words.value("--profile");
  const auto note = fmt::format("{}/minikube/{}", environment("FAKE_STATE"), profile);
  if (verb == "start") {
    const auto kubeconfig = environment("KUBECONFIG");
    write_kubeconfig(kubeconfig, profile);
    write_file(note, kubeconfig);
    auto cluster = desk.cluster(kubeconfig);
    if (cluster.exists())
      cluster.set_running(true);
    else
      cluster.create(1);
    return 0;
  }
  auto cluster = desk.cluster(read_file(note));
  if (verb == "stop") cluster.set_running(false);
  if (verb == "delete") cluster.erase();
  return 0;
}

}  // namespace datamill::fake

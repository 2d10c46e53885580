// What the pretended kubectl does in pods.
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "fake_s3.hpp"
#include "tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

namespace datamill::fake {

namespace {

int not_found(std::string_view what, const std::string& name) {
  return fail(fmt::format("Error from server (NotFound): {} \"{}\" not found", what, name));
}

int logs(const Desk& desk, const Words& words, const Cluster& cluster) {
  const auto pod = words.plain.at(1);
  const auto found = cluster.find("Pod", words.value("--namespace"), pod);
  if (!found) return not_found("pods", pod);
  const auto old = words.has("--previous") ? "old " : "";
  const auto time = words.has("--timestamps") ? "2026-11-21T11:00:00.5Z " : "";
  const auto tail = support::parse_integer(words.value("--tail")).value_or(3);
  for (auto i = 4 - tail; i <= 3; ++i)
    std::printf("%s%sline %d of %s\n", time, old, static_cast<int>(i), words.value("--container").c_str());
  // Jobs end.
  return words.has("--follow") && found->label("datamill.io/job").empty() ? hold(desk.log) : 0;
}

/// `exit N` ends so; a shell on a terminal tells what it gets; anything else is told, with the input.
int exec(const Desk& desk, const Words& words, const Cluster& cluster) {
  const auto pod = words.plain.at(1);
  if (!cluster.find("Pod", words.value("--namespace"), pod)) return not_found("pods", pod);
  const auto& args = desk.call.args;
  const auto dashes = std::find(args.begin(), args.end(), "--");
  const std::vector<std::string> remote(dashes == args.end() ? dashes : std::next(dashes), args.end());
  if (remote.front() == "exit") {
    std::fprintf(stderr, "command terminated with exit code %s\n", remote.at(1).c_str());
    return static_cast<int>(support::parse_integer(remote.at(1)).value_or(1));
  }
  if (remote.front() == "hold") return hold(desk.log);
  if (remote.front() == "sh" && words.has("--tty")) return terminal_shell();
  std::printf("in %s: %s; input: %s\n", pod.c_str(), support::join(remote, " ").c_str(), desk.call.input.c_str());
  return 0;
}

int port_forward(const Desk& desk, const Words& words, const Cluster& cluster) {
  const auto& ports = words.plain.at(2);
  const auto service = words.plain.at(1).substr(words.plain[1].find('/') + 1);
  if (!cluster.find("Service", words.value("--namespace"), service)) return not_found("services", service);
  const auto colon = ports.find(':');
  auto local = colon == 0 ? std::string("40123") : ports.substr(0, colon);
  // Behind the Services of object stores somebody answers.
  if (ports.ends_with(":7070") || ports.ends_with(":8333"))
    local = std::to_string(start_s3(environment("FAKE_STATE") + "/s3"));
  std::printf("Forwarding from 127.0.0.1:%s -> %s\n", local.c_str(), ports.substr(colon + 1).c_str());
  return hold(desk.log);
}

int proxy(const Desk& desk, const Words& words) {
  if (words.has("--unix-socket")) return fail("error: the pretended cluster has no API to watch");
  const auto port = words.value("--port");
  std::printf("Starting to serve on 127.0.0.1:%s\n", port == "0" ? "40321" : port.c_str());
  return hold(desk.log);
}

}  // namespace

std::optional<int> kubectl_in_pods(const Desk& desk, const Words& words, const Cluster& cluster) {
  const auto& verb = words.plain.front();
  if (verb == "logs") return logs(desk, words, cluster);
  if (verb == "exec") return exec(desk, words, cluster);
  if (verb == "port-forward") return port_forward(desk, words, cluster);
  if (verb == "proxy") return proxy(desk, words);
  return std::nullopt;
}

}  // namespace datamill::fake

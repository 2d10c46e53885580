#pragma once

#include "call.hpp"
#include "cluster.hpp"
#include "rules.hpp"

namespace datamill::fake {

/// What a pretended tool works with.
struct Desk {
  const Call& call;
  const CallLog& log;
  std::optional<Rule> rule{};
  [[nodiscard]] Cluster cluster(const std::string& kubeconfig) const;
};

/// Each returns the exit code.
[[nodiscard]] int kubectl(const Desk& desk);
[[nodiscard]] int helm(const Desk& desk);
[[nodiscard]] int kwokctl(const Desk& desk);
[[nodiscard]] int minikube(const Desk& desk);
/// Keeps the names of images that it built, pulled or tagged; saves an image as a file with its name.
[[nodiscard]] int docker(const Desk& desk);
/// `python3 -m pip download`: an empty folder of wheels.
[[nodiscard]] int python(const Desk& desk);
/// Prints the version that tools.yaml pins, in the words of the real tool.
[[nodiscard]] int print_version(const Desk& desk);

/// The verbs of kubectl that go into pods: logs, exec, port-forward, proxy; nothing for any other.
[[nodiscard]] std::optional<int> kubectl_in_pods(const Desk& desk, const Words& words, const Cluster& cluster);

/// Prints a line on stderr and returns 1.
[[nodiscard]] int fail(const std::string& text);

/// The answer of `kubectl get` with one of our go-templates: the same lines, without a template engine.
/// `get KINDS -o json`: the objects as they are.
[[nodiscard]] std::string answer_json(const Cluster& cluster, const Words& words);
[[nodiscard]] std::string answer_template(const Cluster& cluster, const Words& words);
/// The answer of `kubectl get KINDS -o json`: a List.
[[nodiscard]] std::string answer_json(const Cluster& cluster, const Words& words);
/// A remote shell: tells its terminal's size whenever it changes and the code of every key; "q" ends it with exit code
/// 7.
[[nodiscard]] int terminal_shell();

}  // namespace datamill::fake

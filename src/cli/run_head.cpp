#include "cli/run_head.hpp"

#include "datamill/proc/process.hpp"
#include "datamill/support/version.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace datamill::cli {

using support::Node;

Node run_head(const App& app, const domain::Workspace& workspace, const domain::Target& target,
              const std::string& cluster, const std::string& command_line) {
  Node head = Node::map();
  const auto text = [&head](std::string key, std::string value) {
    head.set(std::move(key), Node::text(std::move(value)));
  };
  head.set("v", Node::integer(1));
  text("command", app.options.command);
  text("command_line", command_line);
  text("flavour", workspace.flavour_file.empty()
                      ? ""
                      : fmt::format("{}/{}", workspace.project.k8s_namespace, workspace.project.name));
  text("cluster", cluster);
  text("provider", target.provider);
  text("datamill", std::string(support::kVersion));
  head.set("pid", Node::integer(getpid()));
  if (const auto self = proc::identify(getpid())) {
    text("boot_id", self->boot);
    text("pid_start", self->start);
  }
  return head;
}

}  // namespace datamill::cli

#include "datamill/support/version.hpp"
#include "cli/commands/commands.hpp"
#include "datamill/support/node.hpp"

#include <fmt/format.h>

namespace datamill::cli {

support::ExitCode version_command(App& app) {
  if (app.json()) {
    auto node = support::Node::map();
    node.set("v", support::Node::integer(1));
    node.set("version", support::Node::text(std::string(support::kVersion)));
    app.print(support::write_json(node) + "\n");
  } else {
    app.print(fmt::format("datamill {}\n", support::kVersion));
  }
  return support::ExitCode::ok;
}

}  // namespace datamill::cli

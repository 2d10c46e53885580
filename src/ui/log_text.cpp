#include "datamill/ui/log_text.hpp"

#include "datamill/support/node.hpp"
#include "ui/screen_text.hpp"
#include "ui/style.hpp"

#include <fmt/format.h>

namespace datamill::ui {

using support::Node;

std::string LogText::render(const LogLine& line) {
  const auto number = pods_.emplace(line.ns + "/" + line.pod, pods_.size()).first->second;
  const auto prefix = Painter{terminal_.color}.tinted(number, fmt::format("{}/{}", line.pod, line.container));
  return fmt::format("{} {}\n", prefix, terminal_.is_terminal ? harmless(line.text) : line.text);
}

std::string log_json(const LogLine& line) {
  auto node = Node::map();
  node.set("v", Node::integer(1));
  node.set("type", Node::text("log"));
  node.set("namespace", Node::text(line.ns));
  node.set("pod", Node::text(line.pod));
  node.set("container", Node::text(line.container));
  node.set("time", Node::text(line.time));
  node.set("text", Node::text(line.text));
  return support::write_json(node) + "\n";
}

}  // namespace datamill::ui

#include "datamill/ui/finding_text.hpp"

#include "datamill/support/text.hpp"
#include "ui/screen_text.hpp"
#include "ui/style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace datamill::ui {

using domain::Finding;
using domain::NodeShortfall;

namespace {

constexpr std::size_t kSame = 60;  ///< characters at a message's end that make an event its repetition
constexpr std::size_t kRows = 8;   ///< of the table of nodes
constexpr std::size_t kNames = 3;  ///< of nodes that lack the same

/// "  reason:  text": one of several lines below the first.
std::string field(std::string_view name, const std::string& text, const Painter& paint, Paint text_paint) {
  if (text.empty()) return {};
  return fmt::format("{}{}\n", paint(Paint::faint, fmt::format("  {:<9}", fmt::format("{}:", name))),
                     paint(text_paint, harmless(text)));
}

std::string place_text(const Finding& finding) {
  std::vector<std::string> parts;
  for (const auto& object : finding.chain)
    parts.push_back(fmt::format("{} {}", object.kind, object.name));
  if (!finding.container.empty()) parts.push_back(fmt::format("container {}", finding.container));
  auto text = support::join(parts, " → ");
  if (finding.count > 1) text += fmt::format(" (and {} more like it)", finding.count - 1);
  return harmless(text);
}

std::string reason_text(const Finding& finding) {
  if (finding.reason.empty() || finding.message.empty()) return finding.reason + finding.message;
  return fmt::format("{}: {}", finding.reason, finding.message);
}

std::string log_text(const std::vector<std::string>& lines, const Painter& paint) {
  if (lines.empty()) return {};
  std::string text = paint(Paint::faint, "  last lines of its log:") + "\n";
  for (const auto& line : lines)
    text += fmt::format("    {}\n", harmless(line));
  return text;
}

/// Most events only repeat the message, or the end of it.
bool repeats_message(const Finding& finding) {
  const std::string_view message = finding.message;
  return !message.empty() &&
         support::contains(finding.event, message.substr(message.size() - std::min(message.size(), kSame)));
}

struct NodeRow {
  std::vector<std::string> nodes{};
  std::string lacks{};
};

std::string lacks_text(const NodeShortfall& node) {
  std::vector<std::string> parts;
  for (const auto& [what, text] : node.lacks)
    parts.push_back(fmt::format("{}: {}", what, text));
  return support::join(parts, "; ");
}

/// Nodes that lack the same share a row, in the order of the first of them.
std::vector<NodeRow> node_rows(const std::vector<NodeShortfall>& nodes) {
  std::vector<NodeRow> rows;
  for (const auto& node : nodes) {
    auto lacks = lacks_text(node);
    auto row = std::find_if(rows.begin(), rows.end(), [&](const NodeRow& r) { return r.lacks == lacks; });
    if (row == rows.end()) row = rows.insert(rows.end(), NodeRow{.lacks = std::move(lacks)});
    row->nodes.push_back(node.node);
  }
  return rows;
}

std::string names_text(const std::vector<std::string>& names) {
  if (names.size() <= kNames) return support::join(names, ", ");
  const std::vector<std::string> first(names.begin(), names.begin() + kNames);
  return fmt::format("{} and {} more", support::join(first, ", "), names.size() - kNames);
}

std::string nodes_text(const std::vector<NodeShortfall>& nodes, const Painter& paint) {
  if (nodes.empty()) return {};
  const auto rows = node_rows(nodes);
  std::vector<std::vector<std::string>> table{{"NODE", "LACKS"}};
  for (const auto& row : rows) {
    if (table.size() <= kRows) table.push_back({names_text(row.nodes), row.lacks});
  }
  auto text = paint(Paint::faint, "  nodes:") + "\n" + support::indent(render_table(table, 0), "    ");
  if (rows.size() > kRows) text += fmt::format("    and {} more kinds of nodes\n", rows.size() - kRows);
  return text;
}

}  // namespace

std::string finding_text(const Finding& finding, const Terminal& terminal) {
  const Painter paint{.color = terminal.color};
  std::string text =
      fmt::format("{}  {}\n", paint(Paint::bad, fmt::format("{} {}", finding.code, finding.name)), place_text(finding));
  text += field("reason", reason_text(finding), paint, Paint::plain);
  if (finding.exit_code) text += field("exited", fmt::format("with code {}", *finding.exit_code), paint, Paint::plain);
  text += log_text(finding.last_log, paint);
  if (!repeats_message(finding)) text += field("event", finding.event, paint, Paint::plain);
  text += nodes_text(finding.nodes, paint);
  text += field("likely", finding.cause, paint, Paint::strong);
  if (finding.hopeless)
    text += field("waiting", "has no use: this does not become well by itself", paint, Paint::plain);
  return text + field("next", finding.next, paint, Paint::hint);
}

std::string finding_line(const Finding& finding) {
  const auto object = finding.chain.empty()
                          ? std::string{}
                          : fmt::format("{} {}: ", finding.chain.front().kind, finding.chain.front().name);
  return harmless(fmt::format("{} {}  {}{}", finding.code, finding.name, object, finding.cause));
}

}  // namespace datamill::ui

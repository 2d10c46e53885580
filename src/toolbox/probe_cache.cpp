#include "toolbox/probe_cache.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/units.hpp"
#include "toolbox/files.hpp"

#include <filesystem>

namespace datamill::toolbox {

namespace fs = std::filesystem;
using support::Node;

namespace {

constexpr std::size_t kMaxBytes = 1U << 20U;

Node read_rows(const std::string& file, const support::FileSource& files) {
  const auto read = files.read(file, kMaxBytes);
  if (!read.text) return {};
  try {
    const Node root = support::read_json(*read.text, file);
    const Node* rows = root.text_at("v") == "1" ? root.find("probes") : nullptr;
    return rows == nullptr ? Node{} : *rows;
  } catch (const support::Failure&) {
    return {};
  }
}

}  // namespace

ProbeCache::ProbeCache(std::string file, const support::FileSource& files) : file_(std::move(file)) {
  for (const auto& entry : read_rows(file_, files).entries) {
    const auto size = support::parse_integer(entry.value.text_at("size"));
    const auto changed = support::parse_integer(entry.value.text_at("changed"));
    if (!size || !changed || *size < 0) continue;
    rows_[entry.key] = {.stamp = {.size = static_cast<std::uintmax_t>(*size), .changed = *changed},
                        .version = std::string(entry.value.text_at("version"))};
  }
}

std::optional<ProbeCache::Stamp> ProbeCache::stamp_of(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return std::nullopt;
  const auto time = fs::last_write_time(path, error);
  if (error) return std::nullopt;
  return Stamp{.size = size, .changed = time.time_since_epoch().count()};
}

std::optional<std::string> ProbeCache::find(const std::string& path) const {
  const auto row = rows_.find(path);
  if (row == rows_.end() || row->second.version.empty()) return std::nullopt;
  const auto now = stamp_of(path);
  if (!now || *now != row->second.stamp) return std::nullopt;
  return row->second.version;
}

void ProbeCache::put(const std::string& path, const std::string& version) {
  const auto stamp = stamp_of(path);
  if (!stamp) return;
  rows_[path] = {.stamp = *stamp, .version = version};
  changed_ = true;
}

void ProbeCache::save() {
  if (!changed_) return;
  Node rows = Node::map();
  for (const auto& [path, row] : rows_) {
    // Copies that are gone would pile up here for ever.
    if (!stamp_of(path)) continue;
    Node item = Node::map();
    item.set("size", Node::text(std::to_string(row.stamp.size)));
    item.set("changed", Node::text(std::to_string(row.stamp.changed)));
    item.set("version", Node::text(row.version));
    rows.set(path, std::move(item));
  }
  Node root = Node::map();
  root.set("v", Node::text("1"));
  root.set("probes", std::move(rows));
  const bool written = replace_file(file_, support::write_json(root) + "\n");
  changed_ = !written;
}

}  // namespace datamill::toolbox

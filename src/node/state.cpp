#include "datamill/node/state.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "node/read_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace datamill::node {

using support::Node;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = ".pid";

std::string pid_path(const std::string& folder, std::string_view name) {
  return fmt::format("{}/pids/{}{}", folder, name, kEnding);
}

/// Whole or not at all, whenever this process is killed.
void replace_file(const std::string& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const auto temporary = path + ".new";
  std::ofstream(temporary) << text << std::flush;
  fs::rename(temporary, path, error);
}

std::int64_t integer_at(const Node& node, std::string_view key) {
  return support::parse_integer(node.text_at(key)).value_or(0);
}

/// When the machine was started, in seconds since 1970 (proc(5): btime).
std::int64_t boot_time() {
  for (const auto& line : support::split_lines(read_text("/proc/stat"))) {
    if (line.starts_with("btime ")) return support::parse_integer(line.substr(6)).value_or(0);
  }
  return 0;
}

}  // namespace

PartRecord& NodeRecord::part(std::string_view name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const auto& each) { return each.name == name; });
  return found == parts.end() ? parts.emplace_back(PartRecord{.name = std::string(name)}) : *found;
}

NodeRecord read_record(const std::string& folder) {
  NodeRecord record;
  const auto text = read_text(folder + "/state.json");
  if (text.empty()) return record;
  try {
    const auto document = support::read_json(text, "the node's record");
    record.digest = document.text_at("specification");
    const auto* parts = document.find("parts");
    if (parts == nullptr) return record;
    for (const auto& item : parts->items) {
      record.parts.push_back({.name = std::string(item.text_at("name")),
                              .restarts = integer_at(item, "restarts"),
                              .last_end = std::string(item.text_at("last_end")),
                              .last_end_at = integer_at(item, "last_end_at")});
    }
  } catch (const support::Failure&) {
    return {};  // it only remembers; nothing depends on it
  }
  return record;
}

void write_record(const std::string& folder, const NodeRecord& record) {
  auto parts = Node::sequence();
  for (const auto& part : record.parts) {
    auto item = Node::map();
    item.set("name", Node::text(part.name));
    item.set("restarts", Node::integer(part.restarts));
    item.set("last_end", Node::text(part.last_end));
    item.set("last_end_at", Node::integer(part.last_end_at));
    parts.items.push_back(std::move(item));
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("specification", Node::text(record.digest));
  document.set("parts", std::move(parts));
  replace_file(folder + "/state.json", support::write_json(document) + "\n");
}

std::string digest_of(const Spec& spec) {
  std::string text = fmt::format("{} {} {}", spec.cgroup, spec.bridge, spec.network);
  for (const auto& preparation : spec.preparations)
    text += "\n" + support::join(preparation.words, " ");
  for (const auto& part : spec.parts) {
    text += fmt::format("\n{}\n{}", part.name, support::join(part.words, "\n"));
    if (!part.after.empty()) text += fmt::format("\nafter {}", support::join(part.after, " "));
    for (const auto& [name, value] : part.env)
      text += fmt::format("\n{}={}", name, value);
  }
  return support::sha256_hex(text);
}

void note_process(const std::string& folder, std::string_view name, const proc::ProcessIdentity& identity) {
  replace_file(pid_path(folder, name), proc::to_pid_file(identity));
}

void forget_process(const std::string& folder, std::string_view name) {
  std::error_code error;
  fs::remove(pid_path(folder, name), error);
}

std::optional<proc::ProcessIdentity> last_process(const std::string& folder, std::string_view name) {
  return proc::parse_pid_file(read_text(pid_path(folder, name)));
}

std::optional<proc::ProcessIdentity> noted_process(const std::string& folder, std::string_view name) {
  const auto noted = last_process(folder, name);
  return noted && proc::lives(*noted) ? noted : std::nullopt;
}

std::optional<proc::ProcessIdentity> process_of(const std::string& folder, const Part& part) {
  if (auto noted = noted_process(folder, part.name)) return noted;
  return proc::find_process(part.words);
}

std::vector<std::string> retired_parts(const Spec& spec) {
  std::vector<std::string> names;
  for (const auto& file : support::DiskFileSource().list(spec.folder + "/pids")) {
    if (!file.ends_with(kEnding)) continue;
    const auto name = file.substr(0, file.size() - kEnding.size());
    const auto is_part = [&](const Part& part) { return part.name == name; };
    if (name != kSupervisor && std::none_of(spec.parts.begin(), spec.parts.end(), is_part)) names.push_back(name);
  }
  return names;
}

std::vector<PartHealth> health_of(const std::string& folder) {
  const auto boot = boot_time();
  std::vector<PartHealth> parts;
  for (auto& record : read_record(folder).parts) {
    PartHealth health{.record = std::move(record)};
    if (const auto process = noted_process(folder, health.record.name)) {
      health.running = true;
      health.since = boot + support::parse_integer(process->start).value_or(0) / sysconf(_SC_CLK_TCK);
      health.resident_bytes = proc::resident_bytes(process->pid);
    }
    parts.push_back(std::move(health));
  }
  return parts;
}

}  // namespace datamill::node

#include "cli/parallelism.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <thread>

namespace datamill::cli {

namespace {

constexpr std::int64_t kOneChild = std::int64_t{256} << 20U;
constexpr std::size_t kMost = 16;

/// The number in a file of one line; nullopt where there is none ("max").
std::optional<std::int64_t> number_in(const std::string& path, const support::FileSource& files) {
  const auto text = files.read(path, 256).text;
  return text ? support::parse_integer(support::trim(*text)) : std::nullopt;
}

/// What a control group leaves: its limit without what it uses.
std::optional<std::int64_t> group_room(const std::string& limit, const std::string& usage,
                                       const support::FileSource& files) {
  const auto most = number_in(limit, files);
  const auto used = number_in(usage, files);
  if (!most || !used) return std::nullopt;
  return std::max<std::int64_t>(*most - *used, 0);
}

std::optional<std::int64_t> mem_available(const support::FileSource& files) {
  constexpr std::string_view kName = "MemAvailable:";
  for (const auto& line : support::split_lines(files.read("/proc/meminfo", 64 * 1024).text.value_or(""))) {
    if (!line.starts_with(kName)) continue;
    const auto words = support::split_list(support::trim(std::string_view(line).substr(kName.size())), " ");
    const auto kib = words.empty() ? std::nullopt : support::parse_integer(words.front());
    return kib ? std::optional(*kib * 1024) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::size_t parallelism_for(std::size_t cores, std::int64_t free_memory) {
  auto count = std::clamp<std::size_t>(cores * 2, 2, kMost);
  if (free_memory > 0) count = std::min(count, static_cast<std::size_t>(free_memory / kOneChild));
  return std::max<std::size_t>(count, 1);
}

std::int64_t free_memory(const support::FileSource& files) {
  std::int64_t least = 0;
  const auto consider = [&](std::optional<std::int64_t> room) {
    if (room && *room > 0 && (least == 0 || *room < least)) least = *room;
  };
  consider(mem_available(files));
  consider(group_room("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", files));
  consider(
      group_room("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes", files));
  return least;
}

std::size_t default_parallelism(const support::FileSource& files) {
  return parallelism_for(std::max(1U, std::thread::hardware_concurrency()), free_memory(files));
}

}  // namespace datamill::cli

#include "datamill/node/obstacles.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "node/read_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include <unistd.h>

namespace datamill::node {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kLeastSpace = std::uintmax_t{3} << 30U;

/// A process named kubelet that does not belong to us; 0 if there is none.
std::int64_t other_kubelet(const Spec& spec) {
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto pid = support::parse_integer(entry->path().filename().string());
    if (!pid || support::trim(read_text(entry->path() / "comm")) != "kubelet") continue;
    if (!support::contains(read_text(entry->path() / "cmdline"), spec.folder + "/")) return *pid;
  }
  return 0;
}

/// As the kernel writes addresses in /proc/net/route: the bytes in network order, read on this machine.
std::uint32_t parse_hex(std::string_view text) {
  std::uint32_t value = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return __builtin_bswap32(value);
}

std::uint32_t parse_address(std::string_view text) {
  std::uint32_t value = 0;
  for (const auto& part : support::split(text, '.'))
    value = value << 8U | static_cast<std::uint32_t>(support::parse_integer(part).value_or(0));
  return value;
}

}  // namespace

std::vector<std::string> overlapping_links(std::string_view routes, std::string_view network, std::string_view own) {
  constexpr std::size_t kMaskColumn = 7;
  const auto slash = network.find('/');
  const auto bits = static_cast<unsigned>(support::parse_integer(network.substr(slash + 1)).value_or(32));
  const auto address = parse_address(network.substr(0, slash));
  const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32U - bits);
  std::vector<std::string> links;
  for (const auto& line : support::split_lines(routes)) {
    const auto columns = support::split_list(line, " \t");
    if (columns.size() <= kMaskColumn || columns[0] == own || columns[0] == "Iface") continue;
    const auto other_mask = parse_hex(columns[kMaskColumn]);
    // The default route leads everywhere and takes nothing.
    if (other_mask == 0) continue;
    const auto common = mask & other_mask;
    if ((parse_hex(columns[1]) & common) == (address & common)) links.push_back(columns[0]);
  }
  return links;
}

std::vector<Obstacle> obstacles(const Spec& spec) {
  std::vector<Obstacle> found;
  if (geteuid() != 0) {
    found.push_back({"a real node needs root", "run this as root, or take simulated nodes: provider: kwok"});
    return found;
  }
  if (const auto pid = other_kubelet(spec); pid != 0) {
    found.push_back({fmt::format("another kubelet runs on this machine (process {})", pid),
                     "use that cluster (-h with its kubeconfig), or simulated nodes: provider: kwok"});
  }
  const auto links = spec.network.empty() ? std::vector<std::string>{}
                                          : overlapping_links(read_text("/proc/net/route"), spec.network, spec.bridge);
  if (!links.empty()) {
    found.push_back({fmt::format("the pods' network {} is in use on {}", spec.network, support::join(links, ", ")),
                     "choose another: `network_prefix: 10.91.7` beside `provider: embedded`"});
  }
  std::error_code error;
  const auto space = fs::space(spec.folder, error);
  if (!error && space.available < kLeastSpace) {
    found.push_back({fmt::format("only {} MiB are free in {}", space.available >> 20U, spec.folder),
                     "make room for 3 GiB, or choose another folder with --state-dir"});
  }
  return found;
}

}  // namespace datamill::node

#include "datamill/node/obstacles.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "node/read_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>

#include <unistd.h>

namespace datamill::node {

namespace fs = std::filesystem;

namespace {

// The longest path of a socket below the node's folder (kubelet binds it under a number of ten digits and ends where it
// cannot), and what Linux allows: unix(7), sun_path.
constexpr std::string_view kSocket = "/kubelet/pod-resources/1234567890";
constexpr std::size_t kLongestSocket = 107;
constexpr std::uint64_t kLeastSpace = std::uint64_t{3} << 30U;

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

/// A socket that listens.
struct Listener {
  std::optional<std::uint32_t> address{};  ///< nullopt: all of them
  int port = 0;
  std::string inode{};
};

/// Of a text like /proc/net/tcp: address and port in hexadecimal, an IPv4 address that is mapped into IPv6 at its end.
std::vector<Listener> listeners(std::string_view table) {
  constexpr std::string_view kListens = "0A";
  constexpr std::size_t kInode = 9;
  constexpr std::size_t kWord = 8;
  std::vector<Listener> found;
  for (const auto& line : support::split_lines(table)) {
    const auto columns = support::split_list(line, " ");
    if (columns.size() <= kInode || columns[3] != kListens) continue;
    const auto ends = support::split(columns[1], ':');
    if (ends.size() != 2 || ends[0].size() < kWord) continue;
    const bool all = ends[0].find_first_not_of('0') == std::string::npos;
    int port = 0;
    (void)std::from_chars(ends[1].data(), ends[1].data() + ends[1].size(), port, 16);
    found.push_back({.address = all ? std::nullopt : std::optional(parse_hex(ends[0].substr(ends[0].size() - kWord))),
                     .port = port,
                     .inode = columns[kInode]});
  }
  return found;
}

/// The process with this socket; 0 where /proc does not tell.
pid_t owner_of(const std::string& inode) {
  const auto wanted = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto pid = support::parse_integer(entry->path().filename().string());
    if (!pid) continue;
    std::error_code ended;
    for (fs::directory_iterator fd(entry->path() / "fd", ended); !ended && fd != fs::directory_iterator();
         fd.increment(ended)) {
      std::error_code closed;
      if (fs::read_symlink(fd->path(), closed) == wanted) return static_cast<pid_t>(*pid);
    }
  }
  return 0;
}

void add_held_ports(const Spec& spec, std::vector<Obstacle>& found) {
  for (const auto& [port, inode] : held_ports(spec.ports, read_text("/proc/net/tcp"), read_text("/proc/net/tcp6"))) {
    const auto pid = owner_of(inode);
    const auto words = read_text(fmt::format("/proc/{}/cmdline", pid));
    // Parts of ours that a dead supervisor left.
    if (pid != 0 && support::contains(words, spec.folder + "/")) continue;
    const auto who =
        pid == 0 ? std::string("another program")
                 : fmt::format("{} (process {})", support::trim(read_text(fmt::format("/proc/{}/comm", pid))), pid);
    found.push_back({fmt::format("port {} of {} is in use by {}", port.number, port.address, who),
                     "end that program, or take simulated nodes: provider: kwok"});
  }
}

template <std::size_t N>
std::string first_free(std::string_view routes, const std::array<std::string_view, N>& prefixes, std::string_view rest,
                       std::string_view own) {
  const auto is_free = [&](std::string_view prefix) {
    return overlapping_links(routes, fmt::format("{}{}", prefix, rest), own).empty();
  };
  const auto found = std::find_if(prefixes.begin(), prefixes.end(), is_free);
  return std::string(found == prefixes.end() ? prefixes.front() : *found);
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

std::string free_pod_prefix(std::string_view routes, std::string_view own) {
  constexpr std::array<std::string_view, 5> kPrefixes{"10.89.0", "10.91.7", "172.29.89", "192.168.189", "10.213.89"};
  return first_free(routes, kPrefixes, ".0/24", own);
}

std::string free_service_prefix(std::string_view routes) {
  constexpr std::array<std::string_view, 4> kPrefixes{"10.96", "10.112", "172.30", "10.214"};
  return first_free(routes, kPrefixes, ".0.0/16", "");
}

std::vector<HeldPort> held_ports(const std::vector<Port>& ports, std::string_view tcp, std::string_view tcp6) {
  auto sockets = listeners(tcp);
  const auto more = listeners(tcp6);
  sockets.insert(sockets.end(), more.begin(), more.end());
  std::vector<HeldPort> held;
  for (const auto& port : ports) {
    const auto holds = [&](const Listener& socket) {
      return socket.port == port.number && (!socket.address || *socket.address == parse_address(port.address));
    };
    const auto found = std::find_if(sockets.begin(), sockets.end(), holds);
    if (found != sockets.end()) held.push_back({.port = port, .inode = found->inode});
  }
  return held;
}

std::vector<Obstacle> too_little_space(const std::string& folder, std::uint64_t available) {
  if (available >= kLeastSpace) return {};
  const auto missing = (kLeastSpace - available + (std::uint64_t{1} << 20U) - 1) >> 20U;
  return {{fmt::format("only {} MiB are free in {}; a node needs {} MiB", available >> 20U, folder, kLeastSpace >> 20U),
           fmt::format("make room for {} MiB more, or choose another folder with --state-dir", missing)}};
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
  if (const auto longest = spec.folder.size() + kSocket.size(); longest > kLongestSocket) {
    found.push_back({fmt::format("the path of the state folder is too long for sockets: {} is {} characters too long",
                                 spec.folder, longest - kLongestSocket),
                     "choose a shorter one with --state-dir (or DATAMILL_STATE_DIR)"});
  }
  const auto routes = read_text("/proc/net/route");
  for (const auto& [what, network] :
       {std::pair("the pods' network", spec.network), {"the Services' network", spec.services}}) {
    const auto links = network.empty() ? std::vector<std::string>{} : overlapping_links(routes, network, spec.bridge);
    if (links.empty()) continue;
    found.push_back({fmt::format("{} {} is in use on {}", what, network, support::join(links, ", ")),
                     "take that route away, or choose another network for pods: `network_prefix: 10.91.7`"});
  }
  add_held_ports(spec, found);
  std::error_code error;
  const auto space = fs::space(spec.folder, error);
  if (error) return found;
  for (auto& obstacle : too_little_space(spec.folder, space.available))
    found.push_back(std::move(obstacle));
  return found;
}

}  // namespace datamill::node

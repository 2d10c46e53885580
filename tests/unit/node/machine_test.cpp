#include "datamill/node/image.hpp"
#include "datamill/node/obstacles.hpp"
#include "datamill/node/spec.hpp"
#include "datamill/node/sweep.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"

#include "support/catch.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace datamill::node {

namespace {

using Texts = std::vector<std::string>;

struct Scratch {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("datamill-node-" + std::to_string(getpid()));
  Scratch() { std::filesystem::create_directories(folder); }
  ~Scratch() { std::filesystem::remove_all(folder); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
    return (folder / name).string();
  }
};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Name -> content of the files of a ustar archive whose checksums are right.
std::vector<std::pair<std::string, std::string>> untar(const std::string& bytes) {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::size_t at = 0; at + 512 <= bytes.size() && bytes[at] != '\0';) {
    const std::string header = bytes.substr(at, 512);
    const auto size = std::stoul(header.substr(124, 11), nullptr, 8);
    unsigned sum = 0;
    for (std::size_t i = 0; i < header.size(); ++i)
      sum += static_cast<unsigned char>(i >= 148 && i < 156 ? ' ' : header[i]);
    CHECK(sum == std::stoul(header.substr(148, 6), nullptr, 8));
    CHECK(header.substr(257, 5) == "ustar");
    const std::string name = header.c_str();
    files.emplace_back(name,
                       header[156] == '2' ? "-> " + std::string(header.c_str() + 157) : bytes.substr(at + 512, size));
    at += 512 + (size + 511) / 512 * 512;
  }
  return files;
}

}  // namespace

TEST_CASE("only what belongs to Kubernetes or to us is taken out of iptables", "[node]") {
  const std::string listing =
      "-P POSTROUTING ACCEPT\n"
      "-N DOCKER\n"
      "-N KUBE-SERVICES\n"
      "-N KUBE-SEP-X\n"
      "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES\n"
      "-A POSTROUTING -s 10.89.0.0/24 ! -d 10.89.0.0/24 -m comment --comment datamill-lab -j MASQUERADE\n"
      "-A POSTROUTING -s 10.89.0.0/24 -m comment --comment datamill-labor -j MASQUERADE\n"
      "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE\n"
      "-A KUBE-SERVICES -d 10.96.0.10/32 -j KUBE-SEP-X\n";
  CHECK(removals(listing, "datamill-lab") ==
        std::vector<Texts>{
            {"-D", "PREROUTING", "-m", "comment", "--comment", "kubernetes service portals", "-j", "KUBE-SERVICES"},
            {"-D", "POSTROUTING", "-s", "10.89.0.0/24", "!", "-d", "10.89.0.0/24", "-m", "comment", "--comment",
             "datamill-lab", "-j", "MASQUERADE"},
            {"-F", "KUBE-SERVICES"},
            {"-F", "KUBE-SEP-X"},
            {"-X", "KUBE-SERVICES"},
            {"-X", "KUBE-SEP-X"}});
  CHECK(removals(listing, "datamill-lab", false) ==
        std::vector<Texts>{{"-D", "POSTROUTING", "-s", "10.89.0.0/24", "!", "-d", "10.89.0.0/24", "-m", "comment",
                            "--comment", "datamill-lab", "-j", "MASQUERADE"}});
  CHECK(removals("", "x").empty());
  CHECK(removals("-A X -m comment --comment \"a \\\"b\\\" c\" -j KUBE-Y\n", "").front()[5] == "a \"b\" c");
}

TEST_CASE("a network in use is found, the default route is none", "[node]") {
  // Addresses as /proc/net/route has them on a little-endian machine.
  const std::string routes = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
                             "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
                             "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
                             "vpn0\t0000590A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
                             "dm-lab\t0000590A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
  CHECK(overlapping_links(routes, "10.89.0.0/24", "dm-lab") == Texts{"vpn0"});
  CHECK(overlapping_links(routes, "10.89.7.0/24", "dm-lab") == Texts{"vpn0"});
  CHECK(overlapping_links(routes, "192.0.2.128/25", "dm-lab") == Texts{"eth0"});
  CHECK(overlapping_links(routes, "192.0.0.0/16", "dm-lab") == Texts{"eth0"});
  CHECK(overlapping_links(routes, "10.90.0.0/24", "dm-lab").empty());
}

TEST_CASE("a network that is in use is left for the next one", "[node]") {
  const std::string head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";
  CHECK(free_pod_prefix("", "dm-lab") == "10.89.0");
  CHECK(free_service_prefix("") == "10.96");
  CHECK(free_pod_prefix(head + "x\t0000590A\t0\t1\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", "dm-lab") == "10.91.7");
  CHECK(free_pod_prefix(head + "dm-lab\t0000590A\t0\t1\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", "dm-lab") == "10.89.0");
  CHECK(free_service_prefix(head + "x\t0005600A\t0\t1\t0\t0\t0\t00FFFFFF\t0\t0\t0\n") == "10.112");
  const auto all_of_ten = head + "vpn\t0000000A\t0\t1\t0\t0\t0\t000000FF\t0\t0\t0\n";
  CHECK(free_pod_prefix(all_of_ten, "dm-lab") == "172.29.89");
  CHECK(free_service_prefix(all_of_ten) == "172.30");
  CHECK(free_pod_prefix(head + "vpn\t00000000\t0\t1\t0\t0\t0\t00000080\t0\t0\t0\n" +
                            "vpn\t00000080\t0\t1\t0\t0\t0\t00000080\t0\t0\t0\n",
                        "dm-lab") == "10.89.0");
}

TEST_CASE("a port that somebody listens on is found", "[node]") {
  // As /proc/net/tcp has it on a little-endian machine: 10.89.0.1:6443 and 127.0.0.1:10249 listen, 10250 is a
  // connection.
  const std::string head =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  const std::string tcp =
      head + "   0: 0100590A:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1\n"
             "   1: 0100007F:2809 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1\n"
             "   2: 0100590A:280A 0100590A:0001 01 00000000:00000000 00:00000000 00000000     0        0 13 1\n";
  const std::string tcp6 = head +
                           "   0: 00000000000000000000000000000000:2810 00000000000000000000000000000000:0000 0A "
                           "00000000:00000000 00:00000000 00000000     0        0 14 1\n";
  const Port api{.address = "10.89.0.1", .number = 6443};
  const Port proxy{.address = "127.0.0.1", .number = 10256};
  CHECK(held_ports({api, {"10.89.0.1", 10249}, {"10.89.0.1", 10250}, proxy}, tcp, tcp6) ==
        std::vector<HeldPort>{{.port = api, .inode = "11"}, {.port = proxy, .inode = "14"}});
  CHECK(held_ports({{"10.91.7.1", 6443}}, tcp, tcp6).empty());
  CHECK(held_ports({}, tcp, tcp6).empty());
}

TEST_CASE("too little space is told with numbers", "[node]") {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
  CHECK(too_little_space("/n", 3072 * kMiB).empty());
  const auto found = too_little_space("/n", 3000 * kMiB + 1);
  REQUIRE(found.size() == 1);
  CHECK(found[0].text == "only 3000 MiB are free in /n; a node needs 3072 MiB");
  CHECK(found[0].remedy == "make room for 72 MiB more, or choose another folder with --state-dir");
  CHECK(too_little_space("/n", 3072 * kMiB - 1).size() == 1);
}

TEST_CASE("a node's own addresses go past a proxy", "[node]") {
  const Spec spec{.network = "10.89.0.0/24", .services = "10.96.0.0/16"};
  const std::string own = "127.0.0.0/8,10.89.0.0/24,10.96.0.0/16,.svc,.cluster.local";
  CHECK(past_proxy(spec, "") == "localhost," + own);
  CHECK(past_proxy(spec, "example.org, localhost") == "example.org,localhost," + own);
  CHECK(past_proxy({}, "") == "localhost,127.0.0.0/8,.svc,.cluster.local");
}

TEST_CASE("control groups are made in both versions of them", "[node]") {
  const Scratch scratch;
  const auto top = scratch.folder.string();
  SECTION("version 2: one tree, its controllers handed down") {
    (void)scratch.write("cgroup.controllers", "cpu memory pids\n");
    (void)scratch.write("cgroup.subtree_control", "");
    std::filesystem::create_directory(scratch.folder / "system.slice");
    (void)scratch.write("system.slice/cgroup.procs", "1\n");
    CHECK(make_control_groups("datamill-lab", top).empty());
    CHECK(std::filesystem::is_directory(scratch.folder / "datamill-lab"));
    CHECK_FALSE(std::filesystem::exists(scratch.folder / "system.slice/datamill-lab"));
    CHECK(read(top + "/cgroup.subtree_control") == "+hugetlb");  // the last of them; a kernel keeps all
    CHECK(make_control_groups("datamill-lab", top).empty());
  }
  SECTION("version 1: a tree per controller; cpuset begins empty") {
    for (const std::string controller : {"cpuset", "memory"}) {
      std::filesystem::create_directory(scratch.folder / controller);
      (void)scratch.write(controller + "/cgroup.procs", "1\n");
    }
    (void)scratch.write("cpuset/cpuset.cpus", "0-1\n");
    (void)scratch.write("cpuset/cpuset.mems", "0\n");
    std::filesystem::create_directory(scratch.folder / "no-tree");
    std::filesystem::create_symlink("memory", scratch.folder / "alias");
    CHECK(make_control_groups("datamill-lab", top).empty());
    CHECK(read(top + "/cpuset/datamill-lab/cpuset.cpus") == "0-1\n");
    CHECK(read(top + "/cpuset/datamill-lab/cpuset.mems") == "0\n");
    CHECK(std::filesystem::is_directory(scratch.folder / "memory/datamill-lab"));
    CHECK_FALSE(std::filesystem::exists(scratch.folder / "no-tree/datamill-lab"));
  }
  SECTION("what cannot be made is said") {
    (void)scratch.write("cgroup.controllers", "");
    (void)scratch.write("datamill-lab", "a file");
    CHECK(support::contains(make_control_groups("datamill-lab", top), "cannot make the control group"));
  }
}

TEST_CASE("an image is an archive that containerd understands", "[node]") {
  const Scratch scratch;
  const auto program = scratch.write("tool", std::string(700, 'x'));
  const auto path = (scratch.folder / "images/tool.tar").string();
  write_image({.reference = "datamill.local/tool:1",
               .programs = {{"bin/tool", program}},
               .links = {{"bin/sh", "tool"}},
               .entrypoint = {"/bin/tool", "run it"}},
              path);
  const auto archive = untar(read(path));
  REQUIRE(archive.size() == 3);
  CHECK(archive[0].first == "config.json");
  CHECK(archive[1].first == "layer.tar");
  const auto config = support::read_json(archive[0].second, "config");
  CHECK(config.find_path({"config", "Entrypoint"})->items[1].scalar == "run it");
  CHECK(config.find_path({"rootfs", "diff_ids"})->items[0].scalar ==
        "sha256:" + support::sha256_hex(archive[1].second));
  const auto manifest = support::read_json(archive[2].second, "manifest");
  CHECK(manifest.items[0].find("RepoTags")->items[0].scalar == "datamill.local/tool:1");
  const auto layer = untar(archive[1].second);
  REQUIRE(layer.size() == 3);
  CHECK(layer[0].first == "tmp/");
  CHECK(layer[1] == std::pair<std::string, std::string>{"bin/tool", std::string(700, 'x')});
  CHECK(layer[2] == std::pair<std::string, std::string>{"bin/sh", "-> tool"});
  CHECK(std::filesystem::file_size(path) % 512 == 0);
  const auto first = read(path);
  write_image({.reference = "datamill.local/tool:1",
               .programs = {{"bin/tool", program}},
               .links = {{"bin/sh", "tool"}},
               .entrypoint = {"/bin/tool", "run it"}},
              path);
  CHECK(read(path) == first);
  CHECK_THROWS_AS(write_image({.reference = "x", .programs = {{"a", "/nowhere"}}}, path), support::Failure);
  CHECK(read(path) == first);
}

TEST_CASE("a node's specification is read as it was written", "[node]") {
  const Scratch scratch;
  const auto path = scratch.write(
      "node.json",
      R"({"folder":"/n","cgroup":"c","bridge":"b","network":"10.89.0.0/24","services":"10.96.0.0/16","ports":[{"address":"127.0.0.1","port":10249}],"preparations":[{"command":["/ip","x"],"ok":["exists"]}],)"
      R"("parts":[{"name":"kubelet","command":["/kubelet","--y"],"env":{"PATH":"/p"},"after":["/ask","it"],"ends_containers":true},{"name":"z","command":["/z"]}]})");
  const auto spec = read_spec(path);
  CHECK(spec.network == "10.89.0.0/24");
  CHECK(spec.services == "10.96.0.0/16");
  REQUIRE(spec.ports.size() == 1);
  CHECK(spec.ports[0].address == "127.0.0.1");
  CHECK(spec.ports[0].number == 10249);
  CHECK(spec.preparations.at(0).words == Texts{"/ip", "x"});
  CHECK(spec.preparations.at(0).ok_texts == Texts{"exists"});
  REQUIRE(spec.parts.size() == 2);
  CHECK(spec.parts[0].words == Texts{"/kubelet", "--y"});
  CHECK(spec.parts[0].env == std::vector<std::pair<std::string, std::string>>{{"PATH", "/p"}});
  CHECK(spec.parts[0].after == Texts{"/ask", "it"});
  CHECK(spec.parts[1].after.empty());
  CHECK(spec.parts[0].ends_containers);
  CHECK_FALSE(spec.parts[1].ends_containers);
  for (const std::string bad :
       {"", "{}", R"({"folder":"n","cgroup":"c","bridge":"b","parts":[{"name":"a","command":["/a"]}]})",
        R"({"folder":"/n","cgroup":"c","bridge":"b","parts":[]})",
        R"({"folder":"/n","cgroup":"c","bridge":"b","parts":[{"name":"a","command":[]}]})"}) {
    INFO(bad);
    CHECK_THROWS_AS(read_spec(scratch.write("bad.json", bad)), support::Failure);
  }
  CHECK_THROWS_AS(read_spec((scratch.folder / "none").string()), support::Failure);
}

}  // namespace datamill::node

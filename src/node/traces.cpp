#include "datamill/node/sweep.hpp"
#include "datamill/support/text.hpp"
#include "node/read_text.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace datamill::node {

namespace fs = std::filesystem;

namespace {

// Folders that containerd, kubelet and the CNI plugins make wherever their own folders are; innermost first.
constexpr std::array<const char*, 10> kCommonFolders{"/var/log/containers",
                                                     "/var/log/pods",
                                                     "/var/lib/kubelet/device-plugins",
                                                     "/var/lib/kubelet",
                                                     "/var/lib/cni/results",
                                                     "/var/lib/cni",
                                                     "/run/containerd/s",
                                                     "/run/containerd/runc/k8s.io",
                                                     "/run/containerd/runc",
                                                     "/run/containerd"};

template <class Ours>
void remove_entries(const char* folder, const Ours& is_ours) {
  std::error_code error;
  std::vector<fs::path> ours;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (is_ours(entry->path())) ours.push_back(entry->path());
  }
  for (const auto& path : ours)
    fs::remove(path, error);
}

}  // namespace

std::vector<std::string> shim_sockets(const Spec& spec) {
  constexpr std::string_view kPlace = "/run/containerd/s/";
  constexpr std::size_t kName = 64;  // a SHA-256
  std::vector<std::string> sockets;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(spec.folder + "/run", fs::directory_options::skip_permission_denied,
                                              error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    // A container's own files are not searched.
    if (entry->path().filename() == "rootfs") entry.disable_recursion_pending();
    if (entry->path().filename() != "bootstrap.json" && entry->path().filename() != "address") continue;
    const auto text = read_text(entry->path());
    const auto at = text.find(kPlace);
    if (at != std::string::npos) sockets.push_back(text.substr(at, kPlace.size() + kName));
  }
  return sockets;
}

void remove_traces(const Spec& spec) {
  std::error_code error;
  remove_entries("/var/log/containers", [&](const fs::path& path) {
    return fs::is_symlink(path, error) && fs::read_symlink(path, error).string().starts_with(spec.folder + "/");
  });
  // The CNI library remembers what a plugin answered; those of the loopback plugin bear no network's name.
  remove_entries("/var/lib/cni/results", [&](const fs::path& path) {
    return path.filename().string().starts_with(spec.cgroup + "-") ||
           support::contains(read_text(path), spec.folder + "/");
  });
  fs::remove("/var/lib/kubelet/device-plugins/kubelet.sock", error);
  for (const auto* folder : kCommonFolders)
    (void)rmdir(folder);  // only if nothing is in it
}

void write_resolvers(const std::string& path) {
  std::string text;
  // systemd-resolved listens on loopback; its own servers stand in a file of their own (systemd-resolved(8)).
  for (const auto* source : {"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"}) {
    std::ifstream in(source);
    for (std::string line; std::getline(in, line);) {
      const auto words = support::split_list(line, " \t");
      if (words.size() > 1 && words[0] == "nameserver" && !words[1].starts_with("127.")) text += line + "\n";
    }
    if (!text.empty()) break;
  }
  std::ofstream(path) << text;
}

}  // namespace datamill::node

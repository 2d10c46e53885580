// How layers of images are put on each other: decided once, by a trial.
#include "datamill/node/layers.hpp"
#include "datamill/support/text.hpp"

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>

namespace datamill::node {

namespace {

using support::contains;
using tests::TempFolder;

std::string imported(const TempFolder& folder) {
  return TempFolder::read(folder.path("containerd.d/layers.toml"));
}

}  // namespace

TEST_CASE("a new node's layers are tried once, and the trial leaves nothing", "[node][layers]") {
  const TempFolder folder;
  CHECK_FALSE(layers_of(folder.path()));
  const auto layers = settle_layers(folder.path());
  // Whichever it is: only root may mount.
  CHECK((layers.snapshotter == "native") == !layers.reason.empty());
  CHECK_FALSE(std::filesystem::exists(folder.path("overlay-trial")));
  REQUIRE(layers_of(folder.path()));
  CHECK(layers_of(folder.path())->snapshotter == layers.snapshotter);
  CHECK(layers_of(folder.path())->reason == layers.reason);
}

TEST_CASE("a node keeps what it unpacked its images with", "[node][layers]") {
  const TempFolder folder;
  SECTION("as it was noted") {
    (void)folder.write("snapshotter", "native\nmounting: Invalid argument\n");
    CHECK(settle_layers(folder.path()).snapshotter == "native");
    CHECK(layers_of(folder.path())->reason == "mounting: Invalid argument");
    CHECK(contains(imported(folder), "snapshotter = \"native\""));
  }
  SECTION("or, before that was noted, in overlays") {
    (void)folder.write("containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/x", "");
    CHECK(layers_of(folder.path())->snapshotter == "overlayfs");
    CHECK(settle_layers(folder.path()).snapshotter == "overlayfs");
    CHECK_FALSE(contains(imported(folder), "snapshotter ="));
  }
}

TEST_CASE("what cannot be tried fails the trial", "[node][layers]") {
  CHECK(contains(overlay_problem("/proc/self/nothing"), "making folders: "));
  CHECK_THROWS(settle_layers("/proc/self/nothing"));
}

TEST_CASE("containerd is told of another snapshotter than its own for pods and for imports", "[node][layers]") {
  CHECK(containerd_layers({}) == "version = 3\n");
  const auto text = containerd_layers({.snapshotter = "native", .reason = "x"});
  CHECK(contains(text, "[plugins.\"io.containerd.cri.v1.images\"]\n  snapshotter = \"native\"\n"));
  CHECK(contains(text, "[[plugins.\"io.containerd.transfer.v1.local\".unpack_config]]\n"));
}

}  // namespace datamill::node

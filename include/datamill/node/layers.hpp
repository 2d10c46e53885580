#pragma once

#include <optional>
#include <string>

namespace datamill::node {

/// How containerd puts the layers of images on each other.
struct Layers {
  std::string snapshotter = "overlayfs";  ///< or "native", which copies all below for every layer
  std::string reason{};                   ///< why it is native: "mounting: Invalid argument"
};

/// Mounts an overlay in `folder` and replaces what lies below, as images do; takes everything away again. @returns "",
/// or what cannot be done there: a kernel without overlayfs, no rights, a file system that cannot lie beneath
[[nodiscard]] std::string overlay_problem(const std::string& folder);

/// What the node below `folder` uses; nullopt where it never ran.
[[nodiscard]] std::optional<Layers> layers_of(const std::string& folder);

/// Decides for a node, once: a snapshotter does not find what another one unpacked. One that has images already, of
/// before this was noted, has them in overlays. Notes it, and writes what containerd has to read of it (imported by its
/// configuration).
/// @throws Failure DM610 where that cannot be written
Layers settle_layers(const std::string& folder);

/// The text that containerd imports; "" where its own defaults are right.
[[nodiscard]] std::string containerd_layers(const Layers& layers);

}  // namespace datamill::node

#pragma once

#include "datamill/command/command.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::tools {

/// What builds images and keeps them: the docker daemon where one runs, else buildah, which needs none.
struct ImageBuilder {
  enum class Kind : std::uint8_t { docker, buildah };
  Kind kind = Kind::docker;
  std::string program = "docker";   ///< a path: "/usr/bin/buildah"
  std::vector<std::string> args{};  ///< buildah: where its own store lies
};

/// A private store below `folder`: nothing of the machine's own containers is seen or touched. `driver` is how layers
/// are put on each other: "overlay", or "vfs" (slower, larger) where the file system cannot do that.
[[nodiscard]] ImageBuilder private_builder(std::string program, const std::string& folder, std::string_view driver);

struct BuildImage {
  std::string context{};    ///< folder with a Dockerfile
  std::string reference{};  ///< the name it gets
  std::vector<std::pair<std::string, std::string>> args{};
  std::vector<std::pair<std::string, std::string>> labels{};
  bool from_scratch = false;  ///< use no layer of an earlier build
};
/// docker docs: `docker build`; buildah 1.28 docs: `buildah build`. buildah runs the steps in a chroot on the host's
/// network: no bridge, no rules, no daemon. Bases are never pulled here: they are there already.
[[nodiscard]] command::Command to_command(const BuildImage& build, const ImageBuilder& builder);

[[nodiscard]] command::Command pull_image(const ImageBuilder& builder, const std::string& reference);
[[nodiscard]] command::Command tag_image(const ImageBuilder& builder, const std::string& from, const std::string& to);
/// Writes an image as `docker save` does, which every container runtime imports. buildah refuses a file that exists.
[[nodiscard]] command::Command save_image(const ImageBuilder& builder, const std::string& reference,
                                          const std::string& file);
/// Pushes to a registry under another name, with the credentials of ~/.docker/config.json.
[[nodiscard]] command::Command push_image(const ImageBuilder& builder, const std::string& reference,
                                          const std::string& remote, const std::string& credentials_file);
/// One line "REFERENCE ID" per image that is there.
[[nodiscard]] command::Command list_images(const ImageBuilder& builder);
/// One line "REFERENCE|ID|DATE|SIZE" per image, or "<none>:<none>|..." where it has no name. Dates sort as text.
/// `filter` is one of docker's and buildah's (`docker image ls --filter`): "label=x", "dangling=true"; "" for all with
/// a name.
[[nodiscard]] command::Command describe_images(const ImageBuilder& builder, const std::string& filter);
/// Takes a name off an image; with its last one the image goes, and those it was built on that nothing else needs.
[[nodiscard]] command::Command remove_image(const ImageBuilder& builder, const std::string& reference);
/// Removes images without a name that no other is built on, as failed builds leave them; of a store of our own only.
[[nodiscard]] command::Command remove_nameless(const ImageBuilder& builder);
/// docker's own count of what it keeps: a line "Images|12.3GB" among others.
[[nodiscard]] command::Command docker_disk_use(const ImageBuilder& builder);
/// Working containers that a build left in the store because it was killed (`buildah rm`); of a store of our own only.
[[nodiscard]] command::Command remove_containers(const ImageBuilder& builder);
/// Whether it can work at all; ends with an error where it cannot.
[[nodiscard]] command::Command probe_builder(const ImageBuilder& builder);

}  // namespace datamill::tools

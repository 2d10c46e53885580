#include "datamill/tools/image_builder.hpp"

#include <fmt/format.h>

namespace datamill::tools {

using command::Command;

namespace {

Command start(const ImageBuilder& builder, std::vector<std::string> args) {
  Command command{.program = builder.program, .args = builder.args};
  command.args.insert(command.args.end(), args.begin(), args.end());
  return command;
}

bool is_docker(const ImageBuilder& builder) {
  return builder.kind == ImageBuilder::Kind::docker;
}

}  // namespace

ImageBuilder private_builder(std::string program, const std::string& folder, std::string_view driver) {
  return {.kind = ImageBuilder::Kind::buildah,
          .program = std::move(program),
          .args = {"--root", folder + "/store", "--runroot", folder + "/run", "--storage-driver", std::string(driver)}};
}

Command to_command(const BuildImage& build, const ImageBuilder& builder) {
  auto command = is_docker(builder) ? start(builder, {"build", "--progress", "plain"})
                                    : start(builder, {"build", "--layers", "--isolation", "chroot", "--network", "host",
                                                      "--pull-never", "--format", "docker"});
  // docker docs: RUN --mount and COPY --chmod need BuildKit, which docker before 23 does not use by itself.
  if (is_docker(builder)) command.env.emplace_back("DOCKER_BUILDKIT", "1");
  if (build.from_scratch) command.arg("--no-cache");
  for (const auto& [name, value] : build.args)
    command.flag("--build-arg", fmt::format("{}={}", name, value));
  for (const auto& [name, value] : build.labels)
    command.flag("--label", fmt::format("{}={}", name, value));
  return command.flag("--tag", build.reference).arg(build.context);
}

Command pull_image(const ImageBuilder& builder, const std::string& reference) {
  return start(builder, {"pull", "--quiet", reference});
}

Command tag_image(const ImageBuilder& builder, const std::string& from, const std::string& to) {
  return start(builder, {"tag", from, to});
}

Command save_image(const ImageBuilder& builder, const std::string& reference, const std::string& file) {
  if (is_docker(builder)) return start(builder, {"save", "--output", file, reference});
  return start(builder, {"push", "--quiet", reference, fmt::format("docker-archive:{}:{}", file, reference)});
}

Command push_image(const ImageBuilder& builder, const std::string& reference, const std::string& remote,
                   const std::string& credentials_file) {
  if (is_docker(builder)) return start(builder, {"push", "--quiet", remote});
  auto command = start(builder, {"push", "--quiet"});
  // As docker does: a registry on this machine needs no TLS.
  if (remote.starts_with("127.") || remote.starts_with("localhost:")) command.arg("--tls-verify=false");
  if (!credentials_file.empty()) command.flag("--authfile", credentials_file);
  return command.arg(reference).arg("docker://" + remote);
}

Command list_images(const ImageBuilder& builder) {
  if (is_docker(builder)) return start(builder, {"image", "ls", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"});
  return start(builder, {"images", "--format", "{{.Name}}:{{.Tag}} {{.ID}}"});
}

Command describe_images(const ImageBuilder& builder, const std::string& filter) {
  // Without "|" buildah would pad the columns.
  auto command =
      is_docker(builder)
          ? start(builder, {"image", "ls", "--format", "{{.Repository}}:{{.Tag}}|{{.ID}}|{{.CreatedAt}}|{{.Size}}"})
          : start(builder, {"images", "--format", "{{.Name}}:{{.Tag}}|{{.ID}}|{{.CreatedAtRaw}}|{{.Size}}"});
  if (!filter.empty()) command.flag("--filter", filter);
  return command;
}

Command remove_image(const ImageBuilder& builder, const std::string& reference) {
  return is_docker(builder) ? start(builder, {"image", "rm", reference}) : start(builder, {"rmi", reference});
}

Command remove_nameless(const ImageBuilder& builder) {
  return start(builder, {"rmi", "--prune"});
}

Command docker_disk_use(const ImageBuilder& builder) {
  return start(builder, {"system", "df", "--format", "{{.Type}}|{{.Size}}"});
}

Command remove_containers(const ImageBuilder& builder) {
  return start(builder, {"rm", "--all"});
}

Command probe_builder(const ImageBuilder& builder) {
  if (is_docker(builder)) return start(builder, {"version", "--format", "{{.Server.Version}}"});
  return start(builder, {"info"});
}

}  // namespace datamill::tools

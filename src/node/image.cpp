#include "datamill/node/image.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <system_error>

namespace datamill::node {

using support::Node;

namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostBytes = std::size_t{1} << 30U;
constexpr unsigned kProgramMode = 0755;
constexpr unsigned kEverybodysMode = 01777;

[[noreturn]] void fail(const std::string& what, const std::string& path, const std::string& reason) {
  throw support::Failure(support::ExitCode::step_failed, "DM612",
                         fmt::format("cannot {} \"{}\": {}", what, path, reason), "is there space on the device?");
}

/// A tar archive in memory, format ustar (POSIX.1-1988), everything owned by root and without times.
class Tar {
public:
  void file(const std::string& name, const std::string& content, unsigned mode) {
    header(name, '0', content.size(), mode, {});
    bytes_ += content;
    bytes_.resize((bytes_.size() + kBlock - 1) / kBlock * kBlock, '\0');
  }
  void folder(const std::string& name, unsigned mode) { header(name, '5', 0, mode, {}); }
  void link(const std::string& name, const std::string& target) { header(name, '2', 0, 0777, target); }
  [[nodiscard]] std::string finish() {
    bytes_.append(2 * kBlock, '\0');
    return std::move(bytes_);
  }

private:
  static void put(std::array<char, kBlock>& block, std::size_t at, const std::string& text) {
    std::memcpy(block.data() + at, text.data(), text.size());
  }

  void header(const std::string& name, char type, std::size_t size, unsigned mode, const std::string& target) {
    constexpr std::size_t kMode = 100;
    constexpr std::size_t kSize = 124;
    constexpr std::size_t kChecksum = 148;
    constexpr std::size_t kType = 156;
    constexpr std::size_t kMagic = 257;
    std::array<char, kBlock> block{};
    put(block, 0, name);
    put(block, kMode, fmt::format("{:07o}", mode));
    put(block, kMode + 8, "0000000");
    put(block, kMode + 16, "0000000");
    put(block, kSize, fmt::format("{:011o}", size));
    put(block, kSize + 12, "00000000000");
    put(block, kChecksum, "        ");
    block[kType] = type;
    put(block, kType + 1, target);
    put(block, kMagic, "ustar");
    put(block, kMagic + 6, "00");
    const auto sum = std::accumulate(block.begin(), block.end(), 0U,
                                     [](unsigned all, char c) { return all + static_cast<unsigned char>(c); });
    put(block, kChecksum, fmt::format("{:06o}", sum));
    block[kChecksum + 6] = '\0';
    bytes_.append(block.data(), block.size());
  }

  std::string bytes_{};
};

std::string read_program(const std::string& path) {
  auto read = support::DiskFileSource().read(path, kMostBytes);
  if (!read.text) fail("read", path, read.problem);
  return std::move(*read.text);
}

std::string layer_of(const ImageSpec& image) {
  Tar tar;
  tar.folder("tmp/", kEverybodysMode);
  for (const auto& [name, file] : image.programs)
    tar.file(name, read_program(file), kProgramMode);
  for (const auto& [name, target] : image.links)
    tar.link(name, target);
  return tar.finish();
}

Node texts(const std::vector<std::string>& values) {
  auto list = Node::sequence();
  for (const auto& value : values)
    list.items.push_back(Node::text(value));
  return list;
}

std::string_view architecture() {
#if defined(__aarch64__)
  return "arm64";
#else
  return "amd64";
#endif
}

std::string config_of(const ImageSpec& image, const std::string& layer) {
  auto config = Node::map();
  config.set("Entrypoint", texts(image.entrypoint));
  config.set("Env", texts({"PATH=/bin:/usr/bin"}));
  auto rootfs = Node::map();
  rootfs.set("type", Node::text("layers"));
  rootfs.set("diff_ids", texts({fmt::format("sha256:{}", support::sha256_hex(layer))}));
  auto document = Node::map();
  document.set("architecture", Node::text(std::string(architecture())));
  document.set("os", Node::text("linux"));
  document.set("config", std::move(config));
  document.set("rootfs", std::move(rootfs));
  return support::write_json(document);
}

std::string manifest_of(const ImageSpec& image) {
  auto entry = Node::map();
  entry.set("Config", Node::text("config.json"));
  entry.set("RepoTags", texts({image.reference}));
  entry.set("Layers", texts({"layer.tar"}));
  return support::write_json(Node::sequence({std::move(entry)}));
}

}  // namespace

void write_image(const ImageSpec& image, const std::string& path) {
  const auto layer = layer_of(image);
  Tar archive;
  archive.file("config.json", config_of(image, layer), 0644);
  archive.file("layer.tar", layer, 0644);
  archive.file("manifest.json", manifest_of(image), 0644);
  const auto temporary = path + ".new";
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  std::ofstream out(temporary, std::ios::binary);
  out << archive.finish() << std::flush;
  if (!out.good()) fail("write", temporary, std::generic_category().message(errno));
  std::filesystem::rename(temporary, path, error);
  if (error) fail("write", path, error.message());
}

}  // namespace datamill::node

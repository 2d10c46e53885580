#include "config/images_reader.hpp"

#include "config/dockerfile.hpp"
#include "config/image_order.hpp"
#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/map_reader.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::Image;
using domain::ImageGraph;
using support::Diagnostics;
using support::FileSource;
using support::MapReader;
using support::Node;

namespace {

constexpr int kDeepestInclude = 8;
constexpr std::string_view kDescription = "image.yaml";

/// The text of a requirements file and of those it takes in (pip docs: -r and -c, relative to the file).
std::string requirements_text(const std::string& path, const FileSource& files, int depth, Diagnostics& diagnostics) {
  const auto text = read_text(files, path, diagnostics);
  if (!text) return {};
  std::string all = *text;
  for (const auto& line : support::split_lines(*text)) {
    const auto words = support::split_list(line, " \t=");
    const bool includes = words.size() == 2 && (words[0] == "-r" || words[0] == "-c" || words[0] == "--requirement" ||
                                                words[0] == "--constraint");
    if (includes && depth < kDeepestInclude && !support::contains(words[1], "://"))
      all += requirements_text(join_path(folder_of(path), words[1]), files, depth + 1, diagnostics);
  }
  return all;
}

class ImageReader {
public:
  ImageReader(const std::string& root, std::string name, const FileSource& files, const TraitsOf& traits,
              const Node& tools, Diagnostics& diagnostics)
      : root_(root), files_(files), traits_(traits), tools_(tools), diagnostics_(diagnostics) {
    image_.directory = fmt::format("{}/images/{}", root, name);
    image_.name = std::move(name);
  }

  Image run() {
    const auto file = fmt::format("{}/{}", image_.directory, kDescription);
    image_.at = {.file = support::FileName(image_.directory)};
    check_name();
    if (files_.kind(file) == FileSource::Kind::file) {
      const auto document = read_yaml(files_, file, diagnostics_);
      image_.at.file = support::FileName(file);
      if (document) read_description(*document);
    }
    read_dockerfile();
    image_.digest = content_digest();
    return std::move(image_);
  }

private:
  void check_name() {
    const auto problem = domain::dns_label_problem(image_.name);
    if (!problem.empty())
      diagnostics_.error("DM315", image_.at, fmt::format("image \"{}\" {}", image_.name, problem),
                         "use lower-case letters, digits and \"-\" for the folder's name");
  }

  void read_description(const Node& document) {
    MapReader reader(document, fmt::format("image \"{}\"", image_.name), diagnostics_);
    image_.summary = reader.text_or("summary", {});
    image_.version = reader.text_or("version", image_.version);
    check_version(reader);
    if (const auto wheels = reader.text("wheels")) {
      image_.wheels = join_path(image_.directory, *wheels);
      if (present(image_.wheels, reader.at("wheels")))
        image_.wheels_digest = support::sha256_hex(requirements_text(image_.wheels, files_, 0, diagnostics_));
    }
    image_.tools = reader.text_list("tools");
    for (const auto& tool : image_.tools)
      check_tool(tool, reader.at("tools"));
    for (const auto& entry : reader.entries("files")) {
      domain::ImageFile file{
          .in_context = entry.key, .path = join_path(root_, entry.value.scalar), .at = entry.value.at};
      if (stays_inside(file) && present(file.path, file.at)) image_.files.push_back(std::move(file));
    }
    for (const auto& entry : reader.entries("args"))
      image_.args.emplace_back(entry.key, entry.value.scalar);
    if (const auto* bootstrap = reader.node("bootstrap")) {
      MapReader how(*bootstrap, fmt::format("\"bootstrap\" of {}", reader.what()), diagnostics_);
      image_.bootstrap = how.required_text("suite");
      how.finish();
    }
    if (const auto* upstream = reader.node("upstream")) {
      MapReader name(*upstream, fmt::format("\"upstream\" of {}", reader.what()), diagnostics_);
      image_.upstream = {.repository = name.required_text("repository"), .tag = name.required_text("tag")};
      name.finish();
    }
    reader.finish();
  }

  /// What is in a tag (OCI distribution specification): 128 characters, of which our digits take 13.
  void check_version(const MapReader& reader) {
    constexpr std::size_t kLongest = 100;
    const auto& version = image_.version;
    const auto bad = version.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    if (!version.empty() && version.size() <= kLongest && bad == std::string::npos && version.front() != '.' &&
        version.front() != '-' && version != "latest")
      return;
    diagnostics_.error("DM123", reader.at("version"), fmt::format("\"{}\" cannot be the version of an image", version),
                       "write for example 1.0.0; letters, digits, \".\", \"_\" and \"-\"");
  }

  void check_tool(const std::string& tool, const support::SourceRef& at) {
    const auto* row = tools_.find_path({"tools", tool});
    if (row != nullptr) return;
    std::vector<std::string> names;
    if (const auto* table = tools_.find("tools")) {
      for (const auto& entry : table->entries)
        names.push_back(entry.key);
    }
    auto hint = support::did_you_mean(tool, names);
    if (hint.empty()) hint = "`datamill tools list` shows their names";
    diagnostics_.error("DM708", at, fmt::format("tools.yaml has no tool \"{}\"", tool), hint);
  }

  bool stays_inside(const domain::ImageFile& file) {
    const auto path = join_path("", file.in_context);
    if (!path.empty() && path != "." && !path.starts_with("/") && path != ".." && !path.starts_with("../")) return true;
    diagnostics_.error("DM724", file.at, fmt::format("\"{}\" is no place in the build context", file.in_context),
                       "write a path below it, as: {examples: data/examples}");
    return false;
  }

  bool present(const std::string& path, const support::SourceRef& at) {
    const auto kind = files_.kind(path);
    if (kind == FileSource::Kind::file || kind == FileSource::Kind::directory) return true;
    diagnostics_.error("DM709", at, fmt::format("\"{}\" is not there", path), "write it, or correct the path");
    return false;
  }

  void read_dockerfile() {
    const auto path = image_.directory + "/Dockerfile";
    if (files_.kind(path) != FileSource::Kind::file) {
      diagnostics_.error("DM700", {.file = support::FileName(image_.directory)},
                         fmt::format("image \"{}\" has no Dockerfile", image_.name), "write one, or remove the folder");
      return;
    }
    const auto text = read_text(files_, path, diagnostics_);
    if (!text) return;
    image_.dockerfile = *text;
    const std::map<std::string, std::string> args(image_.args.begin(), image_.args.end());
    auto dockerfile = parse_dockerfile(*text, path, args, diagnostics_);
    if (!dockerfile) return;
    image_.bases = std::move(dockerfile->bases);
    for (const auto& copied : dockerfile->copied)
      check_copied(copied);
  }

  void check_copied(const CopiedPath& copied) {
    auto path = join_path("", copied.path);
    while (path.starts_with("/"))
      path.erase(0, 1);
    const auto top = path.substr(0, path.find('/'));
    if ((top == "wheels" && !image_.wheels.empty()) || path.empty() || path == ".") return;
    if (top == "tools" && !image_.tools.empty()) return;
    const auto& extra = image_.files;
    if (std::any_of(extra.begin(), extra.end(), [&](const auto& file) {
          return path == file.in_context || path.starts_with(file.in_context + "/");
        }))
      return;
    const auto own = fmt::format("{}/{}", image_.directory, path);
    if (files_.kind(own) != FileSource::Kind::missing || traits_(own).link) return;
    diagnostics_.error("DM709", copied.at,
                       fmt::format("\"{}\" is not in the build context of image \"{}\"", copied.path, image_.name),
                       fmt::format("write {}/{}, or let `files:` in image.yaml bring it", image_.directory, path));
  }

  /// Of everything but the bases, with what a copy into the build context keeps: executable bits and symbolic links.
  /// The order of reading is the order of the text.
  std::string content_digest() {
    // What image.yaml says counts by its meaning: a new summary makes no new image.
    const FolderDigest context{.without = kDescription, .traits = traits_};
    std::string text = folder_digest(image_.directory, files_, diagnostics_, context).value_or("");
    // A linked Dockerfile comes into the context by its text.
    if (traits_(image_.directory + "/Dockerfile").link) text += support::sha256_hex(image_.dockerfile);
    text += '\n' + image_.wheels_digest + '\n' + image_.bootstrap + '\n';
    for (const auto& [name, value] : image_.args)
      text += fmt::format("arg {}={}\n", name, value);
    for (const auto& tool : image_.tools) {
      const auto* version = tools_.find_path({"tools", tool, "version"});
      text += fmt::format("tool {} {}\n", tool, version == nullptr ? "" : version->scalar);
    }
    for (const auto& file : image_.files) {
      const bool folder = files_.kind(file.path) == FileSource::Kind::directory;
      const auto digest = folder ? folder_digest(file.path, files_, diagnostics_, {.traits = traits_}).value_or("")
                                 : support::sha256_hex(read_text(files_, file.path, diagnostics_).value_or(""));
      const auto* mark = traits_(file.path).executable ? "program" : "file";
      text += fmt::format("{} {} {}\n", mark, file.in_context, digest);
    }
    return support::sha256_hex(text);
  }

  const std::string& root_;
  const FileSource& files_;
  const TraitsOf& traits_;
  const Node& tools_;
  Diagnostics& diagnostics_;
  Image image_{};
};

}  // namespace

ImageGraph read_images(const std::string& root, const FileSource& files, Diagnostics& diagnostics,
                       const TraitsOf& traits) {
  ImageGraph graph;
  const auto folder = root + "/images";
  const auto names = files.list(folder);
  if (names.empty()) return graph;
  const auto tools_file = root + "/tools.yaml";
  Node tools;
  if (files.kind(tools_file) == FileSource::Kind::file) {
    if (auto document = read_yaml(files, tools_file, diagnostics)) tools = std::move(*document);
  }
  for (const auto& name : names) {
    if (name.front() == '.' || files.kind(fmt::format("{}/{}", folder, name)) != FileSource::Kind::directory) continue;
    graph.images.emplace(name, ImageReader(root, name, files, traits, tools, diagnostics).run());
  }
  put_images_in_order(graph, diagnostics);
  return graph;
}

}  // namespace datamill::config

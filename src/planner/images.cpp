#include "datamill/planner/images.hpp"

#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"
#include "planner/providers/providers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace datamill::planner {

using namespace std::chrono_literals;
using command::Command;
using command::SymbolicText;
using domain::Image;
using plan::Effect;
using plan::Plan;
using plan::StepId;

namespace {

/// The Python of images/python: wheels are chosen for it, not for the machine's own.
constexpr std::string_view kPython = "3.11";
/// Debian bookworm has glibc 2.36 (PEP 600: a manylinux_2_X wheel runs on every glibc from 2.X on); pip takes each name
/// literally, so those that are in use are listed.
constexpr std::array<std::string_view, 7> kPlatforms{"manylinux_2_34", "manylinux_2_31", "manylinux_2_28",
                                                     "manylinux_2_27", "manylinux_2_24", "manylinux_2_17",
                                                     "manylinux2014"};

#if defined(__aarch64__)
constexpr std::string_view kMachine = "aarch64";
#else
constexpr std::string_view kMachine = "x86_64";
#endif

class BuildWriter {
public:
  BuildWriter(const Context& context, const ImageBuildRequest& request, Plan& plan)
      : context_(context), request_(request), plan_(plan) {}

  void add(const Image& image) {
    const auto reference = domain::image_reference(domain::kLocalRegistry, image);
    const auto unchanged = !request_.rebuild && request_.store.has(reference) && !base_is_new(image);
    plan_.components.push_back({.name = image.name, .reason = reference, .unchanged = unchanged});
    if (unchanged) return;
    image_ = &image;
    needs_ = start();
    gather();  // beside the building of its bases
    for (const auto& base : image.outside_bases())
      needs_.push_back(base_step(base));
    for (const auto& base : image.own_bases()) {
      if (const auto built = built_.find(base); built != built_.end()) needs_.push_back(built->second);
    }
    const tools::BuildImage build{
        .context = folder(),
        .reference = reference,
        .args = image.args,
        .labels = {{std::string(kImageLabel), image.name}, {"io.datamill.digest", image.digest}},
        .from_scratch = request_.rebuild};
    built_[image.name] = then(fmt::format("Build image {}:{}", image.name, image.tag()), build_command(build), 3600s);
    add_removal();
  }

private:
  [[nodiscard]] std::string folder() const {
    return fmt::format("{}/images/contexts/{}", context_.places.cache, image_->name);
  }

  /// A base that is asked for again may come back as another image; so may whatever stands on an image that is built.
  [[nodiscard]] bool base_is_new(const Image& image) const {
    if (request_.renew_bases && !image.outside_bases().empty()) return true;
    for (const auto& base : image.own_bases()) {
      if (built_.count(base) != 0) return true;
    }
    return false;
  }

  StepId append(std::string title, plan::Action action, std::vector<StepId> needs, std::chrono::seconds timeout) {
    std::sort(needs.begin(), needs.end());
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
    return plan_.add({.component = image_ == nullptr ? std::string() : image_->name,
                      .title = std::move(title),
                      .action = std::move(action),
                      .needs = std::move(needs),
                      .timeout = timeout});
  }

  /// The next step of the image at hand, after all that was added for it.
  StepId then(std::string title, Command command, std::chrono::seconds timeout) {
    needs_ = {append(std::move(title), plan::RunCommand{.command = std::move(command)}, needs_, timeout)};
    return needs_.front();
  }

  std::vector<StepId> start() {
    if (request_.packages.empty()) return {};
    if (!packages_) {
      Command install{.program = context_.tool_paths.at("datamill"), .args = {"node", "packages"}};
      install.args.insert(install.args.end(), request_.packages.begin(), request_.packages.end());
      const auto* image = std::exchange(image_, nullptr);
      packages_ =
          append("Install the packages that are missing", plan::RunCommand{.command = std::move(install)}, {}, 900s);
      image_ = image;
    }
    return {*packages_};
  }

  StepId base_step(const std::string& base) {
    if (const auto known = outside_.find(base); known != outside_.end()) return known->second;
    Command get{.program = context_.tool_paths.at("datamill"), .args = {"images", "base", base}};
    if (!image_->bootstrap.empty()) get.arg(image_->bootstrap);
    if (request_.renew_bases) get.arg("renew");
    get.flag("--root", context_.places.root);
    const auto id =
        append(fmt::format("Get the base {}", base), plan::RunCommand{.command = std::move(get)}, start(), 900s);
    outside_.emplace(base, id);
    return id;
  }

  /// The build context: the image's folder, what image.yaml adds to it, the Dockerfile with full names.
  void gather() {
    needs_ = {append(fmt::format("Clear the build context of {}", image_->name), plan::RemovePath{.path = folder()},
                     needs_, 60s)};
    then(fmt::format("Make the build context of {}", image_->name), {.program = "/bin/mkdir", .args = {"-p", folder()}},
         30s);
    copy(image_->directory + "/.", folder());
    needs_ = {append(fmt::format("Take image.yaml out of the build context of {}", image_->name),
                     plan::RemovePath{.path = folder() + "/image.yaml"}, needs_, 30s)};
    for (const auto& file : image_->files) {
      const auto to = fmt::format("{}/{}", folder(), file.in_context);
      if (file.in_context.find('/') != std::string::npos)
        then(fmt::format("Make room for {}", file.in_context),
             {.program = "/bin/mkdir", .args = {"-p", to.substr(0, to.rfind('/'))}}, 30s);
      copy(file.path, to);
    }
    add_tools();
    if (!image_->wheels.empty()) add_wheels();
    needs_ = {
        append(fmt::format("Write the Dockerfile of {}", image_->name),
               plan::WriteFile{.path = folder() + "/Dockerfile",
                               .content = SymbolicText{dockerfile_with_references(context_.workspace.images, *image_)},
                               .mode = 0644},
               needs_, 30s)};
  }

  /// Links inside stay links, as the digest counts them; `from` itself may be one.
  void copy(const std::string& from, const std::string& to) {
    then(fmt::format("Copy {}", from.substr(from.rfind('/', from.size() - 3) + 1)),
         {.program = "/bin/cp", .args = {"-RH", from, to}}, 300s);
  }

  void add_tools() {
    if (image_->tools.empty()) return;
    then(fmt::format("Make room for tools of {}", image_->name),
         {.program = "/bin/mkdir", .args = {"-p", folder() + "/tools"}}, 30s);
    for (const auto& tool : image_->tools) {
      const auto path = context_.tool_paths.find(tool);
      copy(path == context_.tool_paths.end() ? "$TOOLS/" + tool : path->second,
           fmt::format("{}/tools/{}", folder(), tool));
    }
  }

  /// By the machine's own pip: only it knows its index, its proxy and its certificates. Kept in the cache by what the
  /// requirements say; the file at the end says that all of them came.
  void add_wheels() {
    const auto wheels = fmt::format("{}/images/wheels/{}", context_.places.cache, wheels_folder(*image_));
    const plan::SkipIfExists complete{.path = wheels + "/complete.txt"};
    Command download{.program = request_.python,
                     .args = {"-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary",
                              ":all:", "--implementation", "cp", "--python-version", std::string(kPython)}};
    for (const auto platform : kPlatforms)
      download.flag("--platform", fmt::format("{}_{}", platform, kMachine));
    download.flag("--dest", wheels).flag("--requirement", image_->wheels);
    const auto lock = "wheels:" + wheels;
    plan_.steps.at(then(fmt::format("Download the wheels of {}", image_->name), std::move(download), 1800s)).guard =
        complete;
    plan_.steps.back().locks = {lock};
    plan_.steps.back().retry = {.attempts = 3, .when_output_has = {"timed out", "Connection", "Temporary failure"}};
    needs_ = {append(fmt::format("Note that the wheels of {} are complete", image_->name),
                     plan::WriteFile{.path = complete.path, .content = SymbolicText{image_->wheels + "\n"}}, needs_,
                     30s)};
    plan_.steps.back().guard = complete;
    then(fmt::format("Copy the wheels of {}", image_->name),
         {.program = "/bin/cp", .args = {"-R", wheels, folder() + "/wheels"}}, 300s);
  }

  /// buildah runs RUN steps itself: when we are killed they must not go on. Those of docker are its daemon's.
  [[nodiscard]] Command build_command(const tools::BuildImage& build) const {
    auto command = to_command(build, request_.builder);
    if (request_.builder.kind == tools::ImageBuilder::Kind::docker) return command;
    command.args.insert(command.args.begin(), {"node", "tether", "--", std::move(command.program)});
    command.program = context_.tool_paths.at("datamill");
    return command;
  }

  void add_removal() {
    (void)append(fmt::format("Remove the build context of {}", image_->name), plan::RemovePath{.path = folder()},
                 needs_, 60s);
    plan_.steps.back().effect = Effect::destroy;
  }

  const Context& context_;
  const ImageBuildRequest& request_;
  Plan& plan_;
  const Image* image_ = nullptr;
  std::vector<StepId> needs_{};
  std::optional<StepId> packages_{};
  std::map<std::string, StepId> outside_{};
  std::map<std::string, StepId> built_{};
};

}  // namespace

std::string wheels_folder(const Image& image) {
  constexpr std::size_t kDigits = 16;
  return image.wheels_digest.substr(0, kDigits);
}

ImageStore parse_image_list(std::string_view text) {
  ImageStore store;
  for (const auto& line : support::split_lines(text)) {
    const auto space = line.find(' ');
    if (space != std::string::npos) store.ids[line.substr(0, space)] = line.substr(space + 1);
  }
  return store;
}

Plan plan_image_build(const Context& context, const ImageBuildRequest& request) {
  Plan plan{.title = request.names.empty() ? std::string("Build all images")
                                           : fmt::format("Build {}", support::join(request.names, ", "))};
  const auto& graph = context.workspace.images;
  BuildWriter writer(context, request, plan);
  for (const auto* image : graph.with_bases(request.names.empty() ? graph.order : request.names))
    writer.add(*image);
  collect_tools(plan);
  return plan;
}

}  // namespace datamill::planner

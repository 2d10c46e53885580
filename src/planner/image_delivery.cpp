// From a Dockerfile of ours to where a cluster's nodes find the image.
#include "datamill/planner/images.hpp"
#include "datamill/planner/provider.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using namespace std::chrono_literals;
using command::Command;
using domain::Image;
using plan::Plan;
using plan::StepId;

namespace {

constexpr std::chrono::seconds kBuildTime{3600};
constexpr std::chrono::seconds kTransferTime{1200};

/// datamill itself: one build of many images, with its own plan and its own skipping of what is there.
Command own(const Context& context, std::vector<std::string> args) {
  Command command{.program = context.tool_paths.at("datamill"), .args = {"images"}};
  command.args.insert(command.args.end(), args.begin(), args.end());
  return command.flag("--root", context.places.root);
}

class DeliveryWriter {
public:
  DeliveryWriter(const Context& context, const std::string& component, Plan& plan)
      : context_(context), component_(component), plan_(plan) {}

  StepId add(const Image& image) {
    const auto& registry = context_.workspace.image_registry;
    marker_ = fmt::format("{}/images/{}-{}.txt", context_.places.cluster, image.name, image.tag());
    // One at a time: each builds its bases too, side by side.
    then(fmt::format("Build image {}:{}", image.name, image.tag()), own(context_, {"build", image.name}), kBuildTime);
    plan_.steps.back().locks = {"images"};
    if (!registry.empty()) {
      then(fmt::format("Push image {} to {}", image.name, registry),
           own(context_, {"push", image.name}).flag("--registry", registry), kTransferTime);
      return last_.front();
    }
    return load(image);
  }

private:
  StepId load(const Image& image) {
    const auto* provider = find_provider(context_.target.location, context_.target.provider);
    const auto archive = fmt::format("{}/images/{}.tar", context_.places.cluster, image.name);
    then(fmt::format("Save image {}", image.name), own(context_, {"save", image.name, archive}), kTransferTime);
    then(fmt::format("Load image {}", image.name), provider->load_image(context_, archive), kTransferTime);
    add_step(fmt::format("Remove the saved image {}", image.name), plan::RemovePath{.path = archive}, 60s);
    add_step(fmt::format("Note that image {} is loaded", image.name),
             plan::WriteFile{.path = marker_, .content = command::SymbolicText{image.tag() + "\n"}}, 30s);
    return last_.front();
  }

  void then(std::string title, Command command, std::chrono::seconds timeout) {
    add_step(std::move(title), plan::RunCommand{.command = std::move(command)}, timeout);
  }

  void add_step(std::string title, plan::Action action, std::chrono::seconds timeout) {
    const auto guarded = context_.workspace.image_registry.empty();
    last_ = {plan_.add({.component = component_,
                        .title = std::move(title),
                        .action = std::move(action),
                        .needs = last_,
                        .guard = guarded ? std::optional(plan::SkipIfExists{.path = marker_}) : std::nullopt,
                        .timeout = timeout})};
  }

  const Context& context_;
  const std::string& component_;
  Plan& plan_;
  std::string marker_{};
  std::vector<StepId> last_{};
};

}  // namespace

StepId add_image_delivery(const Context& context, const Image& image, const std::string& component, Plan& plan) {
  return DeliveryWriter(context, component, plan).add(image);
}

}  // namespace datamill::planner

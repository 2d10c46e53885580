#include "cli/own_image.hpp"

#include "datamill/planner/images.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using support::FileSource;

namespace {

/// Nothing to say or to run where every step is guarded by a file that is there.
bool is_there(const Session& session, const plan::Plan& plan) {
  return std::all_of(plan.steps.begin(), plan.steps.end(), [&](const plan::Step& step) {
    return step.guard && session.app().files.kind(step.guard->path) == FileSource::Kind::file;
  });
}

}  // namespace

std::string bring_own_image(Session& session, const std::string& name) {
  const auto& workspace = session.workspace();
  const auto* image = workspace.images.find(name);
  if (image == nullptr || !session.snapshot().facts.own_images) return {};
  plan::Plan plan{.title = fmt::format("Bring image {} to the cluster", name)};
  (void)planner::add_image_delivery(session.context(), *image, "", plan);
  if (!is_there(session, plan)) {
    const auto result = session.execute(plan);
    if (!result.ok()) throw support::Failure(exec::exit_code_of(result), support::Diagnostics{});
  }
  return domain::image_reference(
      workspace.image_registry.empty() ? domain::kLocalRegistry : std::string_view(workspace.image_registry), *image);
}

}  // namespace datamill::cli

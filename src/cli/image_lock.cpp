#include "cli/image_lock.hpp"

#include "cli/pause.hpp"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>

namespace datamill::cli {

using namespace std::chrono_literals;

ImageLock::ImageLock(Session& session) {
  const auto folder = session.places().cache + "/images";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto path = folder + "/build.lock";
  std::string holder;
  for (lock_ = RunLock::try_take(path, holder); lock_ == nullptr; lock_ = RunLock::try_take(path, holder)) {
    if (!waited_) session.app().say(fmt::format("waiting for another build of images: {}", holder));
    waited_ = true;
    pause(session.runner(), 300ms, "another build was at work");
  }
}

void clear_leftovers(Session& session, const tools::ImageBuilder& builder) {
  const auto folder = session.places().cache + "/images";
  std::error_code error;
  for (const auto* name : {"contexts", "bootstrap"})
    std::filesystem::remove_all(fmt::format("{}/{}", folder, name), error);
  // The store of docker is not ours alone.
  if (builder.kind != tools::ImageBuilder::Kind::buildah || !std::filesystem::exists(builder.program, error)) return;
  (void)session.capture({remove_containers(builder)});
}

}  // namespace datamill::cli

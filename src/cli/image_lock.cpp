#include "cli/image_lock.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace datamill::cli {

ImageLock::ImageLock(Session& session)
    : PatientLock(session, session.places().cache + "/images/build.lock", "another build of images") {}

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

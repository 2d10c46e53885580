#pragma once

#include "cli/session.hpp"
#include "datamill/planner/images.hpp"
#include "datamill/tools/image_builder.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// What builds images on this machine, and what it has.
struct ImageWorkshop {
  tools::ImageBuilder builder{};
  planner::ImageStore store{};
  std::string python = "/usr/bin/python3";
  std::vector<std::string> packages{};  ///< "NAME=FILE" of Debian packages that are missing here
};

/// The docker daemon where one answers, else buildah with a store of our own in the cache; as root on Debian buildah
/// may still have to be installed. DATAMILL_IMAGE_BUILDER=docker|buildah decides otherwise.
/// @throws Failure exit 3, DM710: nothing here can build images
[[nodiscard]] ImageWorkshop find_workshop(Session& session);

/// Gets an outside base into the builder's store under outside_reference(): by pulling it, or, where no registry has it
/// for us and `suite` is given, out of Debian's packages.
/// @throws Failure exit 3, DM711: neither way worked; the notes say what was tried
void get_base(Session& session, const std::string& reference, const std::string& suite, bool renew);

}  // namespace datamill::cli

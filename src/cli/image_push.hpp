#pragma once

#include "cli/image_builder.hpp"
#include "cli/session.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// Builds what is missing and pushes images to `registry` ("ghcr.io/acme"), with the credentials of the user's docker
/// configuration. Tags that the registry has are skipped: a tag never moves.
[[nodiscard]] support::ExitCode push_images(Session& session, const std::vector<std::string>& names,
                                            const std::string& registry);

/// The registry that --registry or the flavour's `images:` names. @throws Failure exit 2, DM717: neither does
[[nodiscard]] std::string chosen_registry(const Session& session);

/// The revision of the data root, short. @throws Failure exit 2, DM720: no git repository, or changes in images/
[[nodiscard]] std::string clean_revision(Session& session);

/// Builds what the store does not have. `names` empty: all. Prints what it built.
[[nodiscard]] support::ExitCode build_images(Session& session, const std::vector<std::string>& names);

/// @throws Failure exit 2, DM712 where there is none
[[nodiscard]] const domain::Image& image_named(const Session& session, const std::string& name);

}  // namespace datamill::cli

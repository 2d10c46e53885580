#pragma once

#include "cli/session.hpp"

namespace datamill::cli {

/// Removes images that no flavour refers to from the builder's store, oldest first, after asking; with --dry-run only
/// lists them. Says how many bytes came free.
/// @throws Failure exit 2, DM009: nobody can be asked, or the answer is no
[[nodiscard]] support::ExitCode prune_images(Session& session);

}  // namespace datamill::cli

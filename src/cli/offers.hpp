#pragma once

#include "cli/session.hpp"
#include "datamill/planner/offers.hpp"

#include <string>
#include <string_view>

namespace datamill::cli {

/// What the flavour's components offer, or without a flavour those that are installed in the namespace (the data root
/// then says how, with their default settings; the session must have read everything). Needs a snapshot in the latter
/// case.
/// @throws Failure exit 2 with what is wrong in the configuration
[[nodiscard]] planner::Offers read_offers(const Session& session);

/// The offer of a capability. @throws Failure exit 2, `code`, where nobody provides it: "nothing provides s3 ..."
[[nodiscard]] const planner::Offer& need_offer(const Session& session, const planner::Offers& offers,
                                               const std::string& capability, std::string_view code);

/// @throws Failure exit 7, DM022, where the component behind the offer is not installed
void check_installed(const Session& session, const planner::Offer& offer);

}  // namespace datamill::cli

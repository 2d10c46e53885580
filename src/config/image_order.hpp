#pragma once

#include "datamill/domain/image.hpp"
#include "datamill/support/diagnostic.hpp"

namespace datamill::config {

/// Finds out which bases are our own, orders the graph, and takes the bases' digests into those of their dependents.
/// DM705 unknown base, DM706 `latest` (warning), DM707 cycle
void put_images_in_order(domain::ImageGraph& graph, support::Diagnostics& diagnostics);

}  // namespace datamill::config

#pragma once

#include "datamill/support/node.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::node {

/// What is to be done about one Service of type LoadBalancer.
struct AddressChange {
  std::string ns{};
  std::string name{};
  std::string patch{};    ///< a merge patch of its status, JSON
  std::string problem{};  ///< why it gets no address: "port 80/TCP is taken by Service a/b"; "" if it gets one
  std::string event{};    ///< where there is a problem: an Event that tells of it, JSON
};

/// Which Services must change so that each of type LoadBalancer has `address`, but no two the same port there. `list`
/// is kubectl's JSON of all Services. Who has the address keeps it, then the older one gets it. `taken` are ports of
/// the node itself: "6443/TCP". Services of another loadBalancerClass, and those that are being deleted, are left
/// alone.
[[nodiscard]] std::vector<AddressChange> address_changes(const support::Node& list, std::string_view address,
                                                         const std::set<std::string>& taken, std::string_view now);

}  // namespace datamill::node

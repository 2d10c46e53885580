#include "datamill/domain/target.hpp"

#include "datamill/support/enum_names.hpp"

namespace datamill::domain {

namespace {

constexpr support::EnumTable<Location, 3> kLocations{
    {{Location::local, "local"}, {Location::remote, "remote"}, {Location::hybrid, "hybrid"}}};

std::string text(bool value) {
  return value ? "true" : "false";
}

}  // namespace

std::string_view to_name(Location location) {
  return support::name_of(kLocations, location);
}

std::vector<std::pair<std::string, std::string>> Facts::all() const {
  return {{"load_balancer", text(load_balancer)},
          {"storage_class", storage_class},
          {"simulated", text(simulated)},
          {"ingress_class", ingress_class},
          {"gpu", text(gpu)},
          {"own_images", text(own_images)},
          {"kubernetes_version", kubernetes_version}};
}

}  // namespace datamill::domain

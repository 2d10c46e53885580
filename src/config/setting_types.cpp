#include "config/setting_types.hpp"

#include "config/shape.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/enum_names.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

namespace datamill::config {

using domain::SettingType;
using support::Node;
using support::ScalarType;

namespace {

constexpr support::EnumTable<SettingType, 8> kTypes{{{SettingType::string, "string"},
                                                     {SettingType::name, "name"},
                                                     {SettingType::integer, "integer"},
                                                     {SettingType::boolean, "boolean"},
                                                     {SettingType::quantity, "quantity"},
                                                     {SettingType::duration, "duration"},
                                                     {SettingType::list, "list"},
                                                     {SettingType::map, "map"}}};

std::string name_problem(const Node& value) {
  const std::string problem = value.is_scalar() ? domain::dns_label_problem(value.scalar) : "it is no text";
  return problem.empty() ? std::string() : fmt::format("must be a name that Kubernetes takes: {}", problem);
}

std::string_view unless(bool fits, std::string_view problem) {
  return fits ? std::string_view() : problem;
}

}  // namespace

std::optional<SettingType> setting_type_of(std::string_view name) {
  return support::value_of(kTypes, name);
}

std::string setting_type_names() {
  return support::join(support::names_in(kTypes), ", ");
}

std::string setting_problem(SettingType type, const Node& value) {
  const bool scalar = value.is_scalar();
  const ScalarType is = scalar ? support::scalar_type(value) : ScalarType::null;
  switch (type) {
  case SettingType::string: return std::string(unless(scalar, "must be text"));
  case SettingType::name: return name_problem(value);
  case SettingType::integer:
    return std::string(unless(is == ScalarType::integer && support::parse_integer(value.scalar).has_value(),
                              "must be a whole number"));
  case SettingType::boolean: return std::string(unless(is == ScalarType::boolean, "must be true or false"));
  case SettingType::quantity:
    return std::string(unless(scalar && is_quantity(value.scalar), "must be a quantity, for example 10Gi or 500m"));
  case SettingType::duration:
    return std::string(unless(scalar && support::parse_duration(value.scalar).has_value(),
                              "must be a duration, for example 90s or 10m"));
  case SettingType::list: return std::string(unless(value.is_sequence(), "must be a list"));
  case SettingType::map: return std::string(unless(value.is_map(), "must be a map"));
  }
  return {};
}

}  // namespace datamill::config

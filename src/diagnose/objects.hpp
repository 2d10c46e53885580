#pragma once

#include "datamill/domain/snapshot.hpp"
#include "datamill/support/node.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::diagnose {

using Path = std::initializer_list<std::string_view>;

/// The scalar at a path, or "".
[[nodiscard]] std::string_view text_at(const support::Node& node, Path path);
/// The list at a path, or an empty one.
[[nodiscard]] const std::vector<support::Node>& items_at(const support::Node& node, Path path);
/// The whole number at a path; nullopt where there is none.
[[nodiscard]] std::optional<int> number_at(const support::Node& node, Path path);
[[nodiscard]] bool is_true(const support::Node& node, Path path);

[[nodiscard]] std::string name_of(const support::Node& object);
[[nodiscard]] std::string namespace_of(const support::Node& object);
/// Whether one of its owners is of this kind.
[[nodiscard]] bool is_owned_by(const support::Node& object, std::string_view kind);
[[nodiscard]] std::string_view annotation(const support::Node& object, std::string_view key);
[[nodiscard]] std::string_view label(const support::Node& object, std::string_view key);
[[nodiscard]] domain::ObjectRef ref_of(const support::Node& object);
[[nodiscard]] bool is_being_deleted(const support::Node& object);

/// The condition of a type in status.conditions; nullptr where it is not there.
[[nodiscard]] const support::Node* condition(const support::Node& object, std::string_view type);
[[nodiscard]] bool condition_is(const support::Node& object, std::string_view type, std::string_view status);

/// "pod web-0 -n shop", as kubectl takes it; the namespace is left out where there is none.
[[nodiscard]] std::string kubectl_words(const domain::ObjectRef& object);

/// One line: runs of white space become a blank; long text loses its middle.
[[nodiscard]] std::string one_line(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool has_any(std::string_view text, std::initializer_list<std::string_view> parts);
/// What stands between the first `before` and the next `after`; "" where either is missing.
[[nodiscard]] std::string between(std::string_view text, std::string_view before, std::string_view after);

}  // namespace datamill::diagnose

#pragma once

#include <string>
#include <string_view>

namespace datamill::domain {

/// Why `name` cannot be a DNS label (RFC 1123: lower-case letters, digits, '-'; 1 to 63 characters; starts and ends
/// with a letter or digit), or "" if it can. Namespaces, components and Services are DNS labels.
[[nodiscard]] std::string dns_label_problem(std::string_view name);

/// Like dns_label_problem with at most 53 characters: helm 4 docs limit release names to that.
[[nodiscard]] std::string release_name_problem(std::string_view name);

/// Like dns_label_problem, but dots may separate labels and 253 characters are allowed (Secrets, ConfigMaps, CRDs).
[[nodiscard]] std::string object_name_problem(std::string_view name);

/// The nearest valid DNS label: "My_Flavour.v2" -> "my-flavour-v2"; "" if nothing is left.
[[nodiscard]] std::string to_dns_label(std::string_view text);

}  // namespace datamill::domain

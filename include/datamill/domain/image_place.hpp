#pragma once

#include <string_view>

namespace datamill::domain {

/// Whether images can be pushed under this: a registry's host with its port, and a path in lower case, neither a scheme
/// nor a tag ("ghcr.io/acme", "127.0.0.1:5000"; OCI distribution specification: names of repositories).
[[nodiscard]] bool is_image_place(std::string_view place);
inline constexpr auto kImagePlaceHint =
    "write the registry's host and a path in lower case, without https:// and without a final /: ghcr.io/acme";

}  // namespace datamill::domain

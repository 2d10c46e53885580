#pragma once

#include <string>
#include <string_view>

namespace datamill::net {

/// "" where `url` may be fetched: https anywhere, http only from a loopback address. Otherwise why not.
[[nodiscard]] std::string url_problem(std::string_view url);

[[nodiscard]] bool is_https(std::string_view url);

/// The host of a URL without user, port and brackets; "" where there is none.
[[nodiscard]] std::string host_of(std::string_view url);

}  // namespace datamill::net

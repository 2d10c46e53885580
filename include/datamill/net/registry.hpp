#pragma once

#include "datamill/support/environment.hpp"

#include <cstdint>
#include <string>

namespace datamill::net {

/// As whom a registry is asked; both empty: as nobody.
struct RegistryLogin {
  std::string user{};
  std::string password{};  ///< never in any message
};

enum class TagState : std::uint8_t {
  present,
  absent,
  refused,      ///< it wants a login, or does not take the one it was given
  unreachable,  ///< nobody answers there
  unknown
};

struct TagAnswer {
  TagState state = TagState::unknown;
  std::string problem{};  ///< why it is neither there nor absent: "HTTP 500", "Could not resolve host: ..."
};

/// The host of an image reference as a registry knows it: "registry-1.docker.io" for those of Docker Hub.
[[nodiscard]] std::string registry_host(const std::string& reference);

/// Asks the registry whether it has `reference` ("ghcr.io/acme/base:1.0"), by a HEAD request for the manifest (OCI
/// distribution specification, "Pulling manifests"; docker docs, "Token authentication"). Registries on loopback
/// addresses are asked without TLS, as docker does. A registry with tokens may refuse what does not exist yet, so that
/// is `unknown`; only its token service refuses a login.
[[nodiscard]] TagAnswer look_for_tag(const std::string& reference, const RegistryLogin& login,
                                     const support::Environment& environment);

}  // namespace datamill::net

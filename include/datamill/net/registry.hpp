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

enum class TagState : std::uint8_t { present, absent, unknown };

struct TagAnswer {
  TagState state = TagState::unknown;
  std::string problem{};  ///< why it is unknown: "HTTP 403", "Could not resolve host: ..."
};

/// The host of an image reference as a registry knows it: "registry-1.docker.io" for those of Docker Hub.
[[nodiscard]] std::string registry_host(const std::string& reference);

/// Asks the registry whether it has `reference` ("ghcr.io/acme/base:1.0"), by a HEAD request for the manifest (OCI
/// distribution specification, "Pulling manifests"; docker docs, "Token authentication"). Registries on loopback
/// addresses are asked without TLS, as docker does.
[[nodiscard]] TagAnswer look_for_tag(const std::string& reference, const RegistryLogin& login,
                                     const support::Environment& environment);

}  // namespace datamill::net

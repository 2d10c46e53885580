#include "cli/past_proxy.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace datamill::cli {

bool names_proxy(const support::Environment& environment) {
  constexpr std::array<std::string_view, 4> kProxies{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"};
  return std::any_of(kProxies.begin(), kProxies.end(),
                     [&](std::string_view name) { return !environment.get(name).empty(); });
}

std::string no_proxy_of(const support::Environment& environment) {
  const auto upper = environment.get("NO_PROXY");
  return upper.empty() ? environment.get("no_proxy") : upper;
}

std::string no_proxy_with(const support::Environment& environment, const std::vector<std::string>& networks) {
  auto places = support::split_list(no_proxy_of(environment));
  for (const auto& network : networks) {
    if (std::find(places.begin(), places.end(), network) == places.end()) places.push_back(network);
  }
  return support::join(places, ",");
}

}  // namespace datamill::cli

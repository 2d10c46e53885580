// What stands against a node on this machine, as far as it can be told without changing it.
#include "datamill/node/obstacles.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

#include <algorithm>

#include <unistd.h>

namespace datamill::node {

TEST_CASE("a folder too deep for sockets is refused with how much", "[node]") {
  if (geteuid() != 0) return;  // then that is the only obstacle that is told
  const auto too_long = [](const std::string& folder) {
    const auto all = obstacles({.folder = folder});
    const auto found =
        std::find_if(all.begin(), all.end(), [](const auto& o) { return support::contains(o.text, "too long"); });
    return found == all.end() ? std::string() : found->text;
  };
  CHECK(too_long("/" + std::string(73, 'x')).empty());  // 74 and "/kubelet/pod-resources/1234567890" are 107
  CHECK(too_long("/" + std::string(75, 'x')).ends_with("is 2 characters too long"));
}

}  // namespace datamill::node

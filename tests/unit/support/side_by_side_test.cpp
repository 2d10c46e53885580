#include "datamill/support/side_by_side.hpp"

#include "support/catch.hpp"

#include <numeric>
#include <stdexcept>

namespace datamill::support {

TEST_CASE("parts cover everything once and in order", "[support]") {
  const std::size_t count = GENERATE(0U, 1U, 2U, 3U, 9U, 10U, 11U, 1000U);
  const auto parts = side_by_side(count, 10, [](std::size_t first, std::size_t last) {
    std::vector<std::size_t> part(last - first);
    std::iota(part.begin(), part.end(), first);
    return part;
  });
  std::vector<std::size_t> all;
  for (const auto& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  std::vector<std::size_t> expected(count);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  CHECK(all == expected);
  if (count < 10) CHECK(parts.size() == 1);
}

TEST_CASE("what a part throws is thrown, after all have ended", "[support]") {
  const auto work = [](std::size_t first, std::size_t) -> int {
    throw std::runtime_error(first == 0 ? "first" : "another");
  };
  CHECK_THROWS_WITH(side_by_side(100, 10, work), "first");
}

}  // namespace datamill::support

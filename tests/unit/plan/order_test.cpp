#include "datamill/plan/order.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>

namespace datamill::plan {
namespace {

using Needs = std::vector<std::vector<std::size_t>>;
using Ids = std::vector<std::size_t>;

TEST_CASE("what needs nothing keeps its order", "[plan][order]") {
  CHECK(stable_order(Needs(4)).order == Ids{0, 1, 2, 3});
  CHECK(stable_order({}).order.empty());
}

TEST_CASE("a need comes first, and nothing else moves", "[plan][order]") {
  const auto result = stable_order(Needs{{3}, {}, {1}, {}});
  CHECK(result.order == Ids{1, 2, 3, 0});
  CHECK(result.cycle.empty());
}

TEST_CASE("a need named twice counts once", "[plan][order]") {
  CHECK(stable_order(Needs{{1, 1}, {}}).order == Ids{1, 0});
}

TEST_CASE("a cycle comes as its path, from its smallest node, closed", "[plan][order]") {
  // 0 needs 3, which is in the cycle 1 needs 3 needs 2 needs 1.
  const auto result = stable_order(Needs{{3}, {3}, {1}, {2, 4}, {}});
  CHECK(result.cycle == Ids{1, 3, 2, 1});
  CHECK(result.order == Ids{4});
}

TEST_CASE("something that needs itself is a cycle", "[plan][order]") {
  CHECK(stable_order(Needs{{}, {1}}).cycle == Ids{1, 1});
}

TEST_CASE("two cycles: the first one is told", "[plan][order]") {
  CHECK(stable_order(Needs{{1}, {0}, {3}, {2}}).cycle == Ids{0, 1, 0});
}

TEST_CASE("a need that does not exist is a bug", "[plan][order]") {
  CHECK_THROWS_AS(stable_order(Needs{{1}}), std::logic_error);
}

TEST_CASE("100,000 nodes in a worst order take far less than a second", "[plan][order]") {
  constexpr std::size_t kNodes = 100000;
  Needs needs(kNodes);
  for (std::size_t i = 0; i + 1 < kNodes; ++i)
    needs[i] = {i + 1, kNodes - 1};
  const auto start = std::chrono::steady_clock::now();
  const auto result = stable_order(needs);
  CHECK(result.order.front() == kNodes - 1);
  CHECK(result.order.back() == 0);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
}

}  // namespace
}  // namespace datamill::plan

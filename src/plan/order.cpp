#include "datamill/plan/order.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <stdexcept>

namespace datamill::plan {
namespace {

using Graph = std::vector<std::vector<std::size_t>>;

struct Reversed {
  Graph dependents{};
  std::vector<std::size_t> missing{};  ///< how many needs of each node are not placed yet
};

Reversed reverse(const Graph& needs) {
  Reversed reversed{.dependents = Graph(needs.size()), .missing = std::vector<std::size_t>(needs.size())};
  for (std::size_t node = 0; node < needs.size(); ++node) {
    for (const std::size_t need : needs[node]) {
      if (need >= needs.size()) throw std::logic_error{"a node needs one that does not exist"};
      reversed.dependents[need].push_back(node);
      ++reversed.missing[node];
    }
  }
  return reversed;
}

/// Every node that is left needs another one that is left, so walking along them comes round.
std::vector<std::size_t> find_cycle(const Graph& needs, const std::vector<std::size_t>& missing) {
  const auto is_left = [&](std::size_t node) { return missing[node] > 0; };
  std::vector<std::size_t> path;
  std::vector<bool> on_path(needs.size(), false);
  std::size_t node = 0;
  while (!is_left(node))
    ++node;
  while (!on_path[node]) {
    on_path[node] = true;
    path.push_back(node);
    std::size_t next = needs.size();
    for (const std::size_t need : needs[node]) {
      if (is_left(need)) next = std::min(next, need);
    }
    node = next;
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), node));
  std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
  path.push_back(path.front());
  return path;
}

}  // namespace

OrderResult stable_order(const std::vector<std::vector<std::size_t>>& needs) {
  Reversed graph = reverse(needs);
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t node = 0; node < needs.size(); ++node) {
    if (graph.missing[node] == 0) ready.push(node);
  }
  OrderResult result;
  result.order.reserve(needs.size());
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    result.order.push_back(node);
    for (const std::size_t dependent : graph.dependents[node]) {
      if (--graph.missing[dependent] == 0) ready.push(dependent);
    }
  }
  if (result.order.size() < needs.size()) result.cycle = find_cycle(needs, graph.missing);
  return result;
}

}  // namespace datamill::plan

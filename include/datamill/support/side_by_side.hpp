#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <thread>
#include <type_traits>
#include <vector>

namespace datamill::support {

/// Gives `work(first, last)` consecutive parts of [0, count) and returns what each gave, in order. Fewer than `worth`
/// items are one part, done by the caller's own thread; more are shared by up to four threads, as many as the machine
/// has cores. The outcome must not depend on where the parts begin. Rethrows what the first failing part threw.
template <class Work>
auto side_by_side(std::size_t count, std::size_t worth, const Work& work) {
  using Result = std::invoke_result_t<const Work&, std::size_t, std::size_t>;
  constexpr std::size_t kMostThreads = 4;
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostThreads);
  const std::size_t parts = count < worth ? 1 : cores;
  const auto border = [&](std::size_t part) { return count * part / parts; };
  std::vector<std::future<Result>> running;
  for (std::size_t part = 1; part < parts; ++part)
    running.push_back(std::async(std::launch::async,
                                 [&work, first = border(part), last = border(part + 1)] { return work(first, last); }));
  std::vector<Result> results;
  results.push_back(work(0, border(1)));
  for (auto& part : running)
    results.push_back(part.get());
  return results;
}

}  // namespace datamill::support

#include "cli/durations_file.hpp"

#include "datamill/exec/write_file.hpp"
#include "datamill/support/diagnostic.hpp"

namespace datamill::cli {

namespace {

constexpr std::size_t kLargest = std::size_t{4} << 20U;

std::string path_in(const std::string& state) {
  return state + "/durations.json";
}

}  // namespace

plan::Durations read_durations(const std::string& state, const support::FileSource& files) {
  const auto text = files.read(path_in(state), kLargest).text;
  if (!text) return {};
  try {
    return plan::Durations::from_node(support::read_json(*text, "durations.json"));
  } catch (const support::Failure&) {
    return {};
  }
}

bool learn_durations(const std::string& state, const std::string& provider, const plan::Plan& plan,
                     const exec::RunFinished& finished, const support::FileSource& files) {
  auto durations = read_durations(state, files);
  bool learnt = false;
  for (const auto& step : plan.steps) {
    if (finished.step_status.at(step.id) != exec::StepStatus::done) continue;
    durations.learn(provider, step, finished.step_elapsed.at(step.id));
    learnt = true;
  }
  if (!learnt) return false;
  try {
    exec::write_atomically(path_in(state), support::write_json(durations.to_node()) + '\n', 0600);
    return true;
  } catch (const support::Failure&) {
    return false;
  }
}

}  // namespace datamill::cli

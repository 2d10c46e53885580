#include "exec/output_keeper.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>

namespace datamill::exec {
namespace {

constexpr std::size_t kLastLines = 40;
/// Of a line that is kept for messages; its whole text goes into the log.
constexpr std::size_t kLongestKept = std::size_t{4} << 10U;
constexpr std::size_t kLongestResult = std::size_t{8} << 20U;

bool holds_one_of(const std::string& text, const std::vector<std::string>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const std::string& part) { return support::contains(text, part); });
}

bool gives_result(const plan::Step& step) {
  if (std::holds_alternative<plan::ReadSecret>(step.action)) return true;
  const auto* run = std::get_if<plan::RunCommand>(&step.action);
  return run != nullptr && (!run->output.empty() || step.effect == plan::Effect::read);
}

bool asks_a_cluster(const plan::Step& step) {
  const auto* command = plan::command_of(step);
  return command != nullptr && (command->program == "kubectl" || command->program == "helm");
}

bool output_is_secret(const plan::Step& step) {
  const auto* command = plan::command_of(step);
  return std::holds_alternative<plan::ReadSecret>(step.action) || (command != nullptr && command->sensitive_output);
}

/// Appends without leaving copies in freed memory, as growing a string would.
void append_wiped(std::string& text, std::string_view more) {
  if (text.capacity() - text.size() < more.size()) {
    std::string larger;
    larger.reserve((text.size() + more.size()) * 2);
    larger += text;
    command::wipe(text);
    text = std::move(larger);
  }
  text += more;
}

}  // namespace

OutputKeeper::OutputKeeper(const plan::Step& step)
    : step_(step), secret_output_(output_is_secret(step)), wants_result_(gives_result(step)),
      said_retry_(step.retry.when_output_has.empty()) {}

OutputKeeper::~OutputKeeper() {
  command::wipe(result_);
}

bool OutputKeeper::said(std::string_view part) const {
  return std::any_of(last_lines_.begin(), last_lines_.end(),
                     [&](const std::string& line) { return support::contains(line, part); });
}

std::string OutputKeeper::why() const {
  if (last_lines_.empty()) return {};
  if (!asks_a_cluster(step_)) return last_lines_.back();
  const auto telling = std::find_if(last_lines_.rbegin(), last_lines_.rend(),
                                    [](const std::string& line) { return transient_of(line) != Transient::no; });
  return telling == last_lines_.rend() ? last_lines_.back() : *telling;
}

Transient OutputKeeper::transient() const {
  if (!asks_a_cluster(step_)) return Transient::no;
  const auto* command = plan::command_of(step_);
  // It speaks to a repository of charts, which is not the cluster.
  const bool pulls = command->program == "helm" && !command->args.empty() && command->args.front() == "pull";
  Transient worst = Transient::no;
  for (const auto& line : last_lines_)
    worst = std::max(worst, transient_of(line));
  return pulls ? std::min(worst, Transient::passing) : worst;
}

void OutputKeeper::keep(const std::string& text) {
  said_retry_ = said_retry_ || holds_one_of(text, step_.retry.when_output_has);
  said_ok_ = said_ok_ || holds_one_of(text, step_.retry.ok_output_has);
  last_lines_.push_back(text.substr(0, kLongestKept));
  if (last_lines_.size() > kLastLines) last_lines_.pop_front();
}

/// A result that is much longer than any tool's is none, and must not take all memory.
void OutputKeeper::keep_result(const proc::OutputLine& line) {
  if (too_long_) return;
  too_long_ = result_.size() + line.text.size() > kLongestResult;
  if (too_long_) {
    command::wipe(result_);
    std::string().swap(result_);  // an assignment would keep the memory
    return;
  }
  append_wiped(result_, line.text);
  append_wiped(result_, proc::line_end(line));
}

std::optional<std::string> OutputKeeper::take(const proc::OutputLine& line, const command::Redactor& redactor) {
  const bool is_out = line.stream == proc::Stream::out;
  if (is_out && wants_result_) keep_result(line);
  if (is_out && secret_output_) return std::nullopt;
  std::string text = redactor.scrub(line.text);
  keep(text);
  return text;
}

}  // namespace datamill::exec

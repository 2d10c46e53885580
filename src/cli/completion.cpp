#include "cli/completion.hpp"

#include "cli/completion_names.hpp"
#include "cli/parse_commands.hpp"
#include "cli/parse_flags.hpp"
#include "cli/parse_words.hpp"
#include "cli/run_store.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::cli {

namespace {

using Words = std::vector<std::string>;

/// Commands whose argument is a component, whether this version has them or not.
constexpr std::array<std::string_view, 8> kOfComponents{"logs", "events", "why",   "open",
                                                        "exec", "diff",   "notes", "secrets"};

class Completer {
public:
  Completer(const Words& words, const std::string& root, const std::string& state, const support::FileSource& files)
      : before_(words.begin(), words.empty() ? words.end() : std::prev(words.end())),
        current_(words.empty() ? std::string{} : words.back()), root_(root), state_(state), files_(files) {}

  [[nodiscard]] Completion find() {
    if (std::find(before_.begin(), before_.end(), "--") != before_.end()) {
      found_.paths = PathKind::files;
      return std::move(found_);
    }
    const auto index = command_index(before_);
    if (index < before_.size()) command_ = before_[index];
    if (const auto* flag = flag_that_waits()) {
      add_values(*flag, "", current_);
    } else if (current_.starts_with("--") && support::contains(current_, "=")) {
      add_joined_values();
    } else if (current_.starts_with('-')) {
      add_flags();
    } else if (index >= before_.size() || command_ == "help") {
      add_commands();
    } else {
      add_arguments(index);
    }
    return std::move(found_);
  }

private:
  void add(std::string word, std::string_view meaning = {}) {
    if (word.starts_with(current_)) found_.candidates.push_back({std::move(word), std::string(meaning)});
  }

  [[nodiscard]] std::vector<const FlagDef*> flags() const {
    if (find_command(command_) != nullptr) return flags_of(command_);
    std::vector<const FlagDef*> all;
    for (const auto& flag : all_flags()) {
      if (flag.commands == "*") all.push_back(&flag);
    }
    return all;
  }

  [[nodiscard]] const FlagDef* find_long(std::string_view name) const {
    for (const auto* flag : flags()) {
      if (flag->display() == name) return flag;
    }
    return nullptr;
  }

  /// The flag before the cursor that takes the word under it: "-f", "--flavour", "-lif".
  [[nodiscard]] const FlagDef* flag_that_waits() const {
    if (before_.empty() || before_.back().size() < 2 || before_.back().front() != '-') return nullptr;
    const auto& word = before_.back();
    if (word.starts_with("--")) {
      const auto* flag = find_long(word);
      return flag != nullptr && flag->takes_value() ? flag : nullptr;
    }
    const auto all = flags();
    for (std::size_t i = 1; i < word.size(); ++i) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const FlagDef* flag) {
        return flag->takes_value() && flag->short_name_in(command_) == word[i];
      });
      if (found != all.end()) return i + 1 == word.size() ? *found : nullptr;
    }
    return nullptr;
  }

  void add_joined_values() {
    const auto equals = current_.find('=');
    if (const auto* flag = find_long(current_.substr(0, equals)))
      add_values(*flag, current_.substr(0, equals + 1), current_.substr(equals + 1));
  }

  void add_all(const std::vector<Candidate>& candidates, const std::string& prefix) {
    for (const auto& candidate : candidates)
      add(prefix + candidate.word, candidate.meaning);
  }

  void add_values(const FlagDef& flag, const std::string& prefix, const std::string& value) {
    const auto* command = find_command(command_);
    const auto choices = flag.long_name != "output" ? flag.choices : command != nullptr ? command->outputs : "";
    if (!choices.empty()) {
      for (const auto& choice : support::split(choices, '|'))
        add(prefix + choice);
    } else if (flag.long_name == "flavour" || flag.long_name == "target") {
      add_all(file_names(folder(flag.long_name == "flavour" ? "flavours" : "k8s-targets"), files_), prefix);
    } else if (flag.long_name == "base") {
      add_all(images(), prefix);
    } else if (flag.long_name == "component") {
      add_all(components(value), prefix);
    }
    if (flag.placeholder == "FILE") found_.paths = PathKind::files;
    if (flag.placeholder == "DIR") found_.paths = PathKind::folders;
  }

  [[nodiscard]] std::string folder(std::string_view name) const { return fmt::format("{}/{}", root_, name); }

  [[nodiscard]] std::vector<Candidate> components(const std::string& prefix) const {
    return root_.empty() ? std::vector<Candidate>{} : component_names(root_, prefix, files_);
  }

  [[nodiscard]] std::vector<Candidate> images() const {
    return root_.empty() ? std::vector<Candidate>{} : image_names(root_, files_);
  }

  void add_flags() {
    const auto given = [&](const FlagDef& flag) {
      return flag.kind != FlagKind::list && flag.kind != FlagKind::count &&
             std::find(before_.begin(), before_.end(), flag.display()) != before_.end();
    };
    for (const auto* flag : flags()) {
      if (given(*flag)) continue;
      add(flag->display(), flag->long_name == "output" ? "format of the result" : flag->help);
    }
    if (command_.empty()) add("--version", "print the version");
  }

  void add_commands() {
    for (const auto& command : all_commands())
      add(std::string(command.name), command.summary);
    if (command_.empty()) add("help", "help for a command");
  }

  /// Arguments of the command that stand before the cursor.
  [[nodiscard]] Words arguments_before(std::size_t index) const {
    Words arguments;
    for (std::size_t i = index + 1; i < before_.size(); ++i) {
      if (!before_[i].starts_with('-') || before_[i].size() < 2)
        arguments.push_back(before_[i]);
      else if (takes_next(before_[i]))
        ++i;
    }
    return arguments;
  }

  void add_arguments(std::size_t index) {
    const auto* command = find_command(command_);
    if (command == nullptr) return;
    const auto given = arguments_before(index);
    if (given.empty()) {
      for (const auto& topic : command->topics)
        add(std::string(topic.name));
    }
    if (std::find(kOfComponents.begin(), kOfComponents.end(), command_) != kOfComponents.end()) {
      add_all(components(current_), "");
      return;
    }
    if (command_ == "report" && given.empty()) add_runs();
    for (const auto& topic : command->topics) {
      if (!given.empty() && topic.name == given.front()) add_rest(topic);
    }
  }

  void add_runs() {
    add("last", "the newest run");
    for (auto& id : run_ids(state_, files_))
      add(std::move(id));
  }

  void add_rest(const Topic& topic) {
    if (support::contains(topic.rest, "[RUN]")) add_runs();
    if (support::contains(topic.rest, "COMPONENT")) add_all(components(current_), "");
    if (command_ == "images" && support::contains(topic.rest, "NAME")) add_all(images(), "");
    if (command_ == "tools" && !topic.rest.empty()) add_all(tool_names(root_, files_), "");
    if (support::contains(topic.rest, "FILE") || support::contains(topic.rest, "LOCAL")) found_.paths = PathKind::files;
  }

  Words before_;
  std::string current_;
  const std::string& root_;
  const std::string& state_;
  const support::FileSource& files_;
  std::string command_{};
  Completion found_{};
};

}  // namespace

Completion complete(const std::vector<std::string>& words, const std::string& root, const std::string& state,
                    const support::FileSource& files) {
  return Completer(words, root, state, files).find();
}

}  // namespace datamill::cli

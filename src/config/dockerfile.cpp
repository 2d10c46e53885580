#include "config/dockerfile.hpp"

#include "config/dockerfile_lines.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace datamill::config {

using support::Diagnostics;

namespace {

// Dockerfile reference of Docker, all instructions.
constexpr std::array<std::string_view, 18> kInstructions{
    "ADD",   "ARG", "CMD",     "COPY", "ENTRYPOINT", "ENV",        "EXPOSE", "FROM",   "HEALTHCHECK",
    "LABEL", "RUN", "ONBUILD", "USER", "MAINTAINER", "STOPSIGNAL", "SHELL",  "VOLUME", "WORKDIR"};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Names of stages and AS are the same in any case (Dockerfile reference: FROM).
std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// The brace that closes the one before `from`, others may be inside; the text's size where there is none.
std::size_t closing_brace(std::string_view text, std::size_t from) {
  int open = 1;
  for (auto i = from; i < text.size(); ++i) {
    if (text[i] == '{') ++open;
    if (text[i] == '}' && --open == 0) return i;
  }
  return text.size();
}

class Parser {
public:
  Parser(std::string_view text, const std::string& file_name, const std::map<std::string, std::string>& args,
         Diagnostics& diagnostics)
      : text_(text), file_(file_name), given_(args), diagnostics_(diagnostics) {}

  Dockerfile run() {
    for (const auto& instruction : dockerfile_instructions(text_))
      read(instruction);
    if (!seen_from_ && !failed_)
      diagnostics_.error("DM701", {.file = file_}, "the Dockerfile has no FROM: it says nothing to build on",
                         "begin it with `FROM base`, or with `FROM` and an outside image and its tag");
    return std::move(result_);
  }

private:
  void read(const DockerfileInstruction& instruction) {
    const support::SourceRef at{.file = file_, .line = instruction.line, .column = 1};
    if (std::find(kInstructions.begin(), kInstructions.end(), instruction.name) == kInstructions.end())
      return report_unknown(instruction.name, at);
    if (!instruction.open_documents.empty()) {
      failed_ = true;
      diagnostics_.error("DM704", at,
                         fmt::format("the here-document <<{} does not end", instruction.open_documents.front()),
                         fmt::format("write {} on a line of its own after it", instruction.open_documents.front()));
    }
    if (instruction.name == "FROM") return read_from(instruction, at);
    if (!seen_from_) return read_before_from(instruction, at);
    if (instruction.name == "COPY" || instruction.name == "ADD") read_copy(instruction);
    if (instruction.name == "RUN") read_mounts(instruction);
  }

  void report_unknown(const std::string& name, const support::SourceRef& at) {
    failed_ = true;
    const std::vector<std::string> known(kInstructions.begin(), kInstructions.end());
    auto hint = support::did_you_mean(name, known);
    if (hint.empty()) hint = "a line that goes on from the one before needs a \\ at the end of that one";
    diagnostics_.error("DM702", at, fmt::format("\"{}\" is no instruction of a Dockerfile", name), hint);
  }

  void read_before_from(const DockerfileInstruction& instruction, const support::SourceRef& at) {
    if (instruction.name != "ARG") {
      failed_ = true;
      diagnostics_.error("DM701", at, fmt::format("{} stands before the first FROM", instruction.name),
                         "only ARG may stand there");
      return;
    }
    for (const auto& word : instruction.words) {
      const auto sign = word.text.find('=');
      const auto name = word.text.substr(0, sign);
      if (const auto given = given_.find(name); given != given_.end())
        args_[name] = given->second;
      else if (sign != std::string::npos)
        args_[name] = replaced(word.text.substr(sign + 1), std::nullopt);
    }
  }

  void read_from(const DockerfileInstruction& instruction, const support::SourceRef& at) {
    seen_from_ = true;
    const auto& words = instruction.words;
    std::size_t i = 0;
    while (i < words.size() && words[i].text.starts_with("--"))
      ++i;
    if (i == words.size()) {
      failed_ = true;
      diagnostics_.error("DM703", at, "FROM names no image", "write `FROM base`, or an outside image with its tag");
      return;
    }
    const bool named = words.size() == i + 3 && lower(words[i + 1].text) == "as";
    if (words.size() != i + 1 && !named) {
      failed_ = true;
      diagnostics_.error("DM703", this->at(words[i + 1].begin),
                         fmt::format("FROM has \"{}\" behind the image", words[i + 1].text),
                         "write `FROM base`, or `FROM base AS name`");
      return;
    }
    add_base(words[i].text, words[i].begin, words[i].end);
    if (named) stages_.insert(lower(words[i + 2].text));
  }

  void read_copy(const DockerfileInstruction& instruction) {
    bool from_elsewhere = false;
    std::vector<const DockerfileWord*> paths;
    for (const auto& word : instruction.words) {
      constexpr std::string_view kFrom = "--from=";
      if (word.text.starts_with(kFrom)) {
        from_elsewhere = true;
        add_part(word, kFrom.size(), word.text.size());
      } else if (!word.text.starts_with("--")) {
        paths.push_back(&word);
      }
    }
    if (from_elsewhere || paths.empty()) return;
    if (paths.front()->text.starts_with("[")) return read_copy_list(paths);
    paths.pop_back();  // where to
    for (const auto* path : paths)
      add_copied(path->text, path->begin);
  }

  /// COPY ["a b", "c", "/to"]
  void read_copy_list(const std::vector<const DockerfileWord*>& words) {
    std::vector<std::pair<std::string, std::size_t>> paths;
    for (const auto* word : words) {
      auto text = std::string_view(word->text);
      if (word == words.front()) text.remove_prefix(1);
      if (word == words.back() && text.ends_with(']')) text.remove_suffix(1);
      for (auto& path : support::split_list(text, ","))
        paths.emplace_back(std::move(path), word->begin);
    }
    if (!paths.empty()) paths.pop_back();
    for (const auto& [path, begin] : paths)
      add_copied(path, begin);
  }

  void add_copied(const std::string& path, std::size_t begin) {
    const auto plain = path.find_first_of("*?[$<") == std::string::npos && !support::contains(path, "://") &&
                       !path.starts_with("git@");
    if (plain) result_.copied.push_back({.path = path, .at = at(begin)});
  }

  /// RUN --mount=type=bind,from=base,...
  void read_mounts(const DockerfileInstruction& instruction) {
    for (const auto& word : instruction.words) {
      constexpr std::string_view kFrom = "from=";
      if (!word.text.starts_with("--mount=")) return;
      for (auto found = word.text.find(kFrom); found != std::string::npos; found = word.text.find(kFrom, found + 1)) {
        if (word.text[found - 1] != ',' && word.text[found - 1] != '=') continue;
        const auto begin = found + kFrom.size();
        const auto end = std::min(word.text.find(',', begin), word.text.size());
        add_part(word, begin, end);
      }
    }
  }

  /// What stands in the bytes [begin, end) of a word.
  void add_part(const DockerfileWord& word, std::size_t begin, std::size_t end) {
    if (begin == end) return;
    add_base(word.text.substr(begin, end - begin), word.places[begin], word.places[end - 1] + 1);
  }

  void add_base(const std::string& written, std::size_t begin, std::size_t end) {
    const bool is_number = written.find_first_not_of("0123456789") == std::string::npos;
    if (stages_.count(lower(written)) != 0 || is_number) return;
    auto reference = replaced(written, at(begin));
    if (reference.empty() || stages_.count(lower(reference)) != 0) return;
    result_.bases.push_back({.reference = std::move(reference), .begin = begin, .end = end, .at = at(begin)});
  }

  /// ${NAME}, $NAME, ${NAME:-default}, ${NAME:+instead} out of the ARGs before the first FROM. With a place, a name
  /// without a value is a problem there; without one it is nothing, as docker has it in ARG.
  std::string replaced(const std::string& text, const std::optional<support::SourceRef>& place) {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] != '$') {
        result += text[i++];
        continue;
      }
      const bool braces = i + 1 < text.size() && text[i + 1] == '{';
      auto begin = i + (braces ? 2 : 1);
      auto end = begin;
      while (end < text.size() && is_name_character(text[end]))
        ++end;
      const auto name = text.substr(begin, end - begin);
      const auto close = braces ? closing_brace(text, end) : end;
      result += value_of(name, text.substr(end, close - end), place);
      i = braces ? close + 1 : end;
    }
    return result;
  }

  std::string value_of(const std::string& name, std::string_view rest, const std::optional<support::SourceRef>& place) {
    const auto found = args_.find(name);
    const bool given = found != args_.end() && !found->second.empty();
    if (rest.starts_with(":")) rest.remove_prefix(1);
    const auto other = std::string(rest.substr(std::min<std::size_t>(1, rest.size())));
    if (rest.starts_with("+")) return given ? replaced(other, place) : std::string();
    if (given) return found->second;
    if (rest.starts_with("-")) return replaced(other, place);
    if (!place) return {};
    failed_ = true;
    diagnostics_.error("DM703", *place, fmt::format("the variable \"{}\" has no value here", name),
                       fmt::format("write `ARG {}=...` before the first FROM, or `args:` in image.yaml", name));
    return {};
  }

  [[nodiscard]] support::SourceRef at(std::size_t offset) const {
    const auto place = place_of(text_, offset);
    return {.file = file_, .line = place.line, .column = place.column};
  }

  std::string_view text_;
  support::FileName file_;
  const std::map<std::string, std::string>& given_;
  Diagnostics& diagnostics_;
  Dockerfile result_{};
  std::map<std::string, std::string> args_{};
  std::set<std::string> stages_{};
  bool seen_from_ = false;
  bool failed_ = false;
};

}  // namespace

std::optional<Dockerfile> parse_dockerfile(std::string_view text, const std::string& file_name,
                                           const std::map<std::string, std::string>& args, Diagnostics& diagnostics) {
  Diagnostics found;
  auto dockerfile = Parser(text, file_name, args, found).run();
  const bool failed = found.has_errors();
  diagnostics.take(std::move(found));
  if (failed) return std::nullopt;
  return dockerfile;
}

}  // namespace datamill::config

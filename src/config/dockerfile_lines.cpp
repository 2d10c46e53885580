#include "config/dockerfile_lines.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <cctype>

namespace datamill::config {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

/// A physical line without its end, as a range of the text.
struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Editors of Windows put it before the text; docker skips it too.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  std::size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back({begin, end});
    begin = end + 1;
  }
  return lines;
}

/// `# escape=`: the one directive that changes how lines are read (Dockerfile reference: parser directives). Only
/// comments may stand before it.
char escape_of(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (const auto& line : support::split_lines(text)) {
    const auto words = support::trim(line);
    if (!words.starts_with("#")) break;
    const auto directive = support::trim(words.substr(1));
    const auto sign = directive.find('=');
    if (sign == std::string_view::npos) break;
    if (upper(support::trim(directive.substr(0, sign))) == "ESCAPE")
      return support::trim(directive.substr(sign + 1)) == "`" ? '`' : '\\';
  }
  return '\\';
}

class Reader {
public:
  explicit Reader(std::string_view text) : text_(text), lines_(lines_of(text)), escape_(escape_of(text)) {}

  std::vector<DockerfileInstruction> run() {
    std::vector<DockerfileInstruction> instructions;
    while (next_ < lines_.size()) {
      if (is_comment_or_empty(lines_[next_])) {
        ++next_;
        continue;
      }
      instructions.push_back(read_instruction());
    }
    return instructions;
  }

private:
  [[nodiscard]] bool is_comment_or_empty(const Line& line) const {
    const auto words = support::trim(text_.substr(line.begin, line.end - line.begin));
    return words.empty() || words.front() == '#';
  }

  /// The line without the escape at its end that lets the instruction go on, and whether there is one.
  std::pair<Line, bool> without_escape(Line line) const {
    auto end = line.end;
    while (end > line.begin && is_blank(text_[end - 1]))
      --end;
    const bool escaped = end > line.begin && text_[end - 1] == escape_;
    const bool twice = escaped && end - 1 > line.begin && text_[end - 2] == escape_;  // one of its own
    if (escaped && !twice) return {{line.begin, end - 1}, true};
    return {line, false};
  }

  DockerfileInstruction read_instruction() {
    DockerfileInstruction instruction{.line = static_cast<int>(next_) + 1};
    for (bool goes_on = true; goes_on && next_ < lines_.size(); ++next_) {
      if (!instruction.words.empty() && is_comment_or_empty(lines_[next_])) continue;
      const auto [line, more] = without_escape(lines_[next_]);
      add_words(line, instruction.words);
      goes_on = more;
    }
    if (!instruction.words.empty()) {
      instruction.name = upper(instruction.words.front().text);
      instruction.words.erase(instruction.words.begin());
    }
    skip_documents(instruction);
    return instruction;
  }

  void add_character(DockerfileWord& word, std::size_t at) const {
    word.text += text_[at];
    word.places.push_back(at);
  }

  void add_words(const Line& line, std::vector<DockerfileWord>& words) const {
    auto at = line.begin;
    while (at < line.end) {
      if (is_blank(text_[at])) {
        ++at;
        continue;
      }
      DockerfileWord word{.begin = at};
      char quote = 0;
      for (; at < line.end && (quote != 0 || !is_blank(text_[at])); ++at) {
        const char c = text_[at];
        if (quote == 0 && (c == '"' || c == '\''))
          quote = c;
        else if (c == quote)
          quote = 0;
        else
          add_character(word, at);
      }
      word.end = at;
      words.push_back(std::move(word));
    }
  }

  /// RUN, COPY and ADD may take here-documents, also behind ONBUILD (Dockerfile reference: here-documents).
  void skip_documents(DockerfileInstruction& instruction) {
    const auto& words = instruction.words;
    const auto name = instruction.name == "ONBUILD" && !words.empty() ? upper(words.front().text) : instruction.name;
    if (name != "RUN" && name != "COPY" && name != "ADD") return;
    for (const auto& word : words) {
      const auto sign = word.text.find_first_not_of("0123456789");  // of a file descriptor, as in 3<<EOF
      if (sign == std::string::npos || !std::string_view(word.text).substr(sign).starts_with("<<")) continue;
      if (text_[word.begin] == '"' || text_[word.begin] == '\'') continue;  // "<<EOF" is a text
      auto mark = word.text.substr(sign + 2);
      const bool tabs = mark.starts_with("-");
      if (tabs) mark.erase(0, 1);
      if (mark.empty() || (std::isalpha(static_cast<unsigned char>(mark.front())) == 0 && mark.front() != '_'))
        continue;
      if (!skip_to(mark, tabs)) instruction.open_documents.push_back(mark);
    }
  }

  bool skip_to(const std::string& mark, bool tabs) {
    for (auto line = next_; line < lines_.size(); ++line) {
      auto text = text_.substr(lines_[line].begin, lines_[line].end - lines_[line].begin);
      while (tabs && text.starts_with('\t'))
        text.remove_prefix(1);
      if (text.ends_with('\r')) text.remove_suffix(1);
      if (text == mark) {
        next_ = line + 1;
        return true;
      }
    }
    next_ = lines_.size();  // its text is no instruction
    return false;
  }

  std::string_view text_;
  std::vector<Line> lines_;
  char escape_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<DockerfileInstruction> dockerfile_instructions(std::string_view text) {
  return Reader(text).run();
}

TextPlace place_of(std::string_view text, std::size_t offset) {
  TextPlace place;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {  // not inside a UTF-8 character
      ++place.column;
    }
  }
  return place;
}

}  // namespace datamill::config

#include "datamill/config/yaml.hpp"

#include "config/text_check.hpp"
#include "config/yaml_builder.hpp"
#include "config/yaml_problem.hpp"

#include <yaml.h>

namespace datamill::config {

using support::Node;
using support::SourceRef;

namespace {

std::string to_string(const yaml_char_t* text) {
  // The library's text is unsigned char; it is UTF-8 all the same.
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

/// Owns one libyaml parser over a text.
class Parser {
public:
  explicit Parser(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  [[nodiscard]] yaml_parser_t* get() { return &parser_; }

private:
  yaml_parser_t parser_{};
};

/// Owns one event.
class Event {
public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  [[nodiscard]] yaml_event_t* get() { return &event_; }

private:
  yaml_event_t event_{};
};

SourceRef place(const yaml_mark_t& mark, const support::FileName& file) {
  return {.file = file, .line = static_cast<int>(mark.line) + 1, .column = static_cast<int>(mark.column) + 1};
}

YamlProblem problem_of(const yaml_parser_t& parser, const support::FileName& file) {
  return {.problem = parser.problem == nullptr ? "" : parser.problem,
          .at = place(parser.problem_mark, file),
          .context = parser.context == nullptr ? "" : parser.context,
          .context_at = place(parser.context_mark, file)};
}

YamlProperties properties(const yaml_char_t* anchor, const yaml_char_t* tag, const yaml_event_t& event,
                          const support::FileName& file) {
  return {.anchor = to_string(anchor), .tag = to_string(tag), .at = place(event.start_mark, file)};
}

/// Hands one event to the builder; false where reading cannot go on.
bool pass_on(const yaml_event_t& event, const support::FileName& file, YamlBuilder& builder) {
  switch (event.type) {
  case YAML_SCALAR_EVENT: {
    const auto& scalar = event.data.scalar;
    builder.scalar(properties(scalar.anchor, scalar.tag, event, file),
                   std::string(reinterpret_cast<const char*>(scalar.value), scalar.length),
                   scalar.style == YAML_PLAIN_SCALAR_STYLE);
    return true;
  }
  case YAML_ALIAS_EVENT: builder.alias(to_string(event.data.alias.anchor), place(event.start_mark, file)); return true;
  case YAML_SEQUENCE_START_EVENT: {
    const auto& start = event.data.sequence_start;
    return builder.open(properties(start.anchor, start.tag, event, file), Node::Kind::sequence);
  }
  case YAML_MAPPING_START_EVENT: {
    const auto& start = event.data.mapping_start;
    return builder.open(properties(start.anchor, start.tag, event, file), Node::Kind::map);
  }
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT: builder.close(); return true;
  case YAML_DOCUMENT_END_EVENT: builder.end_document(); return true;
  case YAML_NO_EVENT:
  case YAML_STREAM_START_EVENT:
  case YAML_STREAM_END_EVENT:
  case YAML_DOCUMENT_START_EVENT: return true;
  }
  return true;
}

}  // namespace

std::optional<std::vector<Node>> parse_yaml(std::string_view text, const std::string& file_name, Documents documents,
                                            support::Diagnostics& diagnostics) {
  const support::FileName file(file_name);
  text = without_byte_order_mark(text);
  if (!check_text(text, file, diagnostics)) return std::nullopt;
  support::Diagnostics found;
  YamlBuilder builder(documents, found);
  Parser parser(text);
  for (bool done = false; !done;) {
    Event event;
    if (yaml_parser_parse(parser.get(), event.get()) == 0) {
      found.add(explain(problem_of(*parser.get(), file), text));
      break;
    }
    done = event.get()->type == YAML_STREAM_END_EVENT || !pass_on(*event.get(), file, builder);
  }
  const bool failed = found.has_errors();
  for (auto& problem : found.items())
    diagnostics.add(std::move(problem));
  if (failed) return std::nullopt;
  return builder.take();
}

}  // namespace datamill::config

#include "datamill/command/command.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/overloaded.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace datamill::command {
namespace {

bool holds_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

[[noreturn]] void refuse(const Command& command, std::string_view what) {
  throw support::Failure{
      support::ExitCode::usage, "DM512",
      fmt::format("{} of \"{}\" {}", what, command.program, "holds a NUL byte, which no program can receive"),
      "remove the \"\\0\" from the value in the flavour or component file"};
}

void check(const Command& command) {
  if (holds_nul(command.program) || holds_nul(command.cwd)) refuse(command, "the program or folder");
  if (std::any_of(command.args.begin(), command.args.end(), holds_nul)) refuse(command, "an argument");
  for (const auto& [name, value] : command.env) {
    if (holds_nul(name) || holds_nul(value)) refuse(command, "an environment variable");
    if (name.empty() || name.find('=') != std::string::npos) {
      throw support::Failure{support::ExitCode::usage, "DM512",
                             fmt::format("\"{}\" cannot be the name of an environment variable", name)};
    }
  }
}

Secret encode(const Secret& secret, Encoding encoding) {
  switch (encoding) {
  case Encoding::json_string: return Secret{json_escaped(secret.reveal())};
  case Encoding::base64: return Secret{support::base64_encode(secret.reveal())};
  case Encoding::raw: return secret;
  }
  throw std::logic_error{"unknown encoding"};
}

Secret resolve_part(const SymbolicText::Part& part, const SymbolLookup& symbols) {
  return std::visit(support::Overloaded{
                        [](const std::string& text) { return Secret{text}; },
                        [&](const SecretPart& secret) { return encode(symbols.secret(secret.ref), secret.encoding); },
                        [&](const OutputPart& output) { return Secret{symbols.output(output.ref)}; },
                    },
                    part);
}

}  // namespace

Secret CommandResolver::resolve_text(const SymbolicText& text, const SymbolLookup& symbols) {
  std::vector<Secret> pieces;
  pieces.reserve(text.parts.size());
  for (const auto& part : text.parts)
    pieces.push_back(resolve_part(part, symbols));
  // One allocation: growing would leave copies of the secret behind.
  std::string whole;
  whole.reserve(std::accumulate(pieces.begin(), pieces.end(), std::size_t{0},
                                [](std::size_t sum, const Secret& piece) { return sum + piece.reveal().size(); }));
  for (const auto& piece : pieces)
    whole += piece.reveal();
  return Secret{std::move(whole)};
}

ResolvedCommand CommandResolver::resolve(const Command& command, std::string executable, const SymbolLookup& symbols) {
  check(command);
  ResolvedCommand resolved;
  resolved.command_ = command;
  resolved.executable_ = std::move(executable);
  if (const auto* text = std::get_if<SymbolicText>(&command.stdin_text)) {
    resolved.has_stdin_ = true;
    resolved.stdin_ = resolve_text(*text, symbols);
  }
  if (const auto* file = std::get_if<StdinFile>(&command.stdin_text)) {
    resolved.has_stdin_ = true;
    resolved.stdin_ = Secret{file->before};
  }
  return resolved;
}

}  // namespace datamill::command

#include "datamill/command/secret.hpp"

#include "datamill/support/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace datamill::command {

void wipe(std::string& text) noexcept {
  // Growing to the capacity does not reallocate, and makes the bytes beyond size() ours to overwrite.
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
  text.clear();
}

Secret::Secret(std::string value) : value_(std::move(value)) {
  wipe(value);
}  // NOLINT(bugprone-use-after-move): short strings stay behind

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
  wipe(other.value_);
}

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  Secret copy{other};
  return *this = std::move(copy);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  value_.swap(other.value_);
  wipe(other.value_);
  return *this;
}

Secret::~Secret() {
  wipe(value_);
}

bool SymbolicText::symbolic() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](const Part& part) { return !std::holds_alternative<std::string>(part); });
}

std::string SymbolicText::display() const {
  std::string out;
  for (const auto& part : parts) {
    out += std::visit(support::Overloaded{
                          [](const std::string& text) { return text; },
                          [](const SecretPart& secret) {
                            return fmt::format("«secret {}/{}.{}»", secret.ref.ns, secret.ref.secret, secret.ref.key);
                          },
                          [](const OutputPart& output) { return fmt::format("«output {}»", output.ref.name); },
                      },
                      part);
  }
  return out;
}

std::string json_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
      } else {
        out += c;
      }
    }
  }
  return out;
}

}  // namespace datamill::command

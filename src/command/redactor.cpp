#include "datamill/command/secret.hpp"
#include "datamill/support/text.hpp"

#include <algorithm>

namespace datamill::command {
namespace {

constexpr std::size_t kShortest = 6;
constexpr std::string_view kMark = "«redacted»";

}  // namespace

void Redactor::add(std::string needle) {
  Secret secret{std::move(needle)};
  const std::string& text = secret.reveal();
  if (text.size() < kShortest) return;
  // Longest first, so that a value which holds another one goes as a whole.
  const auto place = std::find_if(needles_.begin(), needles_.end(), [&](const Secret& known) {
    return known.reveal().size() < text.size() || known.reveal() == text;
  });
  if (place != needles_.end() && place->reveal() == text) return;
  needles_.insert(place, std::move(secret));
}

void Redactor::learn(const Secret& secret) {
  const std::string& value = secret.reveal();
  if (value.size() < kShortest) return;
  std::string encoded = support::base64_encode(value);
  add(encoded);
  while (!encoded.empty() && encoded.back() == '=')
    encoded.pop_back();
  add(std::move(encoded));
  add(json_escaped(value));
  for (const auto& line : support::split(value, '\n'))
    add(std::string{support::trim(line)});
}

std::string Redactor::scrub(std::string_view line) const {
  std::string out{line};
  for (const auto& needle : needles_) {
    if (out.find(needle.reveal()) != std::string::npos) {
      out = support::replace_all(std::move(out), needle.reveal(), kMark);
    }
  }
  return out;
}

}  // namespace datamill::command

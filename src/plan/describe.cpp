#include "plan/describe.hpp"

#include "datamill/support/enum_names.hpp"

#include <fmt/format.h>

namespace datamill::plan {
namespace {

using Alphabet = domain::RandomValue::Alphabet;
constexpr support::EnumTable<Alphabet, 3> kAlphabets{
    {{Alphabet::alnum, "alnum"}, {Alphabet::hex, "hex"}, {Alphabet::base64, "base64"}}};

}  // namespace

std::string_view alphabet_name(Alphabet alphabet) {
  return support::name_of(kAlphabets, alphabet);
}

std::string describe(const domain::RandomValue& random) {
  if (random.alphabet == Alphabet::alnum) return fmt::format("{} random letters and digits", random.bytes);
  return fmt::format("{} random bytes as {}", random.bytes, alphabet_name(random.alphabet));
}

std::string describe(const command::SecretRef& ref) {
  return fmt::format("{}/{}.{}", ref.ns, ref.secret, ref.key);
}

}  // namespace datamill::plan

#include "datamill/exec/secret_store.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace datamill::exec {
namespace {

using command::Secret;
using support::ExitCode;
using support::Failure;

/// Keys whose values are names that tools print all the time; scrubbing them would make logs unreadable.
constexpr std::array<std::string_view, 9> kPublicKeys{"username", "user",     "host",     "hostname", "port",
                                                      "dbname",   "database", "endpoint", "region"};

void fill_random(std::string& bytes) {
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = getrandom(bytes.data() + filled, bytes.size() - filled, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error{errno, std::generic_category(), "getrandom"};
    filled += static_cast<std::size_t>(count);
  }
}

/// Letters and digits, each as likely as any other: bytes beyond the last whole multiple of 62 are thrown away.
std::string random_alnum(std::size_t length) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t kLimit = 256 / kAlphabet.size() * kAlphabet.size();
  std::string text;
  text.reserve(length);
  std::string bytes(64, '\0');
  while (text.size() < length) {
    fill_random(bytes);
    for (const char c : bytes) {
      const auto byte = static_cast<std::size_t>(static_cast<unsigned char>(c));
      if (byte < kLimit && text.size() < length) text += kAlphabet[byte % kAlphabet.size()];
    }
  }
  command::wipe(bytes);
  return text;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0FU];
  }
  return text;
}

Secret random_secret(const domain::RandomValue& random) {
  using Alphabet = domain::RandomValue::Alphabet;
  const auto length = static_cast<std::size_t>(std::clamp(random.bytes, 8, 256));
  if (random.alphabet == Alphabet::alnum) return Secret{random_alnum(length)};
  std::string bytes(length, '\0');
  fill_random(bytes);
  Secret secret{random.alphabet == Alphabet::hex ? to_hex(bytes) : support::base64_encode(bytes)};
  command::wipe(bytes);
  return secret;
}

[[noreturn]] void refuse_json(const std::string& ns, const std::string& name) {
  throw Failure{ExitCode::step_failed, "DM511",
                fmt::format("what kubectl printed for the Secret \"{}/{}\" is no Kubernetes Secret", ns, name),
                fmt::format("look at it with `kubectl get secret {} --namespace {} -o yaml`", name, ns)};
}

support::Node read_secret_json(const std::string& ns, const std::string& name, const std::string& json) {
  try {
    support::Node node = support::read_json(json, "the Secret");
    if (node.text_at("kind") == "Secret") return node;
  } catch (const Failure&) {
    // The text may hold secrets: nothing of the cause is told.
    refuse_json(ns, name);
  }
  refuse_json(ns, name);
}

}  // namespace

void SecretStore::put(const command::SecretRef& ref, Secret value) {
  if (std::find(kPublicKeys.begin(), kPublicKeys.end(), ref.key) == kPublicKeys.end()) redactor_.learn(value);
  values_.insert_or_assign(ref, std::move(value));
}

void SecretStore::put_output(const std::string& name, std::string value) {
  outputs_.insert_or_assign(name, std::move(value));
}

bool SecretStore::has(const command::SecretRef& ref) const {
  return values_.contains(ref);
}

void SecretStore::generate(const command::SecretRef& ref, const domain::RandomValue& random) {
  put(ref, random_secret(random));
}

void SecretStore::learn_secret_json(const std::string& ns, const std::string& name, const std::string& json) {
  support::Node node = read_secret_json(ns, name, json);
  for (auto& top : node.entries) {
    if (top.key != "data") continue;
    for (auto& entry : top.value.entries) {
      put({.ns = ns, .secret = name, .key = entry.key}, Secret{support::base64_decode(entry.value.scalar)});
      command::wipe(entry.value.scalar);
    }
  }
}

Secret SecretStore::secret(const command::SecretRef& ref) const {
  const auto found = values_.find(ref);
  if (found != values_.end()) return found->second;
  throw Failure{ExitCode::step_failed, "DM510",
                fmt::format("the key \"{}\" of Secret \"{}/{}\" is not known", ref.key, ref.ns, ref.secret),
                fmt::format("look at it with `kubectl describe secret {} --namespace {}`", ref.secret, ref.ns)};
}

std::string SecretStore::output(const command::OutputRef& ref) const {
  const auto found = outputs_.find(ref.name);
  if (found != outputs_.end()) return found->second;
  throw Failure{ExitCode::step_failed, "DM510", fmt::format("no earlier step gave the output \"{}\"", ref.name)};
}

}  // namespace datamill::exec

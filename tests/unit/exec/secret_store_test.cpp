#include "datamill/exec/secret_store.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

#include <map>
#include <set>

namespace datamill::exec {
namespace {

using Alphabet = domain::RandomValue::Alphabet;
const command::SecretRef kRef{.ns = "n", .secret = "s", .key = "password"};

std::string made(const domain::RandomValue& random) {
  SecretStore store;
  store.generate(kRef, random);
  return store.secret(kRef).reveal();
}

template <class Action>
support::Diagnostic problem_of(Action action) {
  try {
    action();
  } catch (const support::Failure& failure) {
    return failure.diagnostics().items().at(0);
  }
  return {};
}

TEST_CASE("generated values have the length and the alphabet asked for", "[exec][secrets]") {
  CHECK(made({.bytes = 24, .alphabet = Alphabet::alnum}).size() == 24);
  CHECK(made({.bytes = 256, .alphabet = Alphabet::alnum}).size() == 256);
  CHECK(made({.bytes = 32, .alphabet = Alphabet::hex}).size() == 64);
  CHECK(made({.bytes = 32, .alphabet = Alphabet::hex}).find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(support::base64_decode(made({.bytes = 33, .alphabet = Alphabet::base64})).size() == 33);
  CHECK(made({}) != made({}));
}

TEST_CASE("every letter and digit comes about as often as any other", "[exec][secrets]") {
  std::map<char, int> counts;
  for (int i = 0; i < 500; ++i) {
    for (const char c : made({.bytes = 248, .alphabet = Alphabet::alnum}))
      ++counts[c];
  }
  CHECK(counts.size() == 62);
  // 2,000 each on average, with a deviation of about 44; modulo bias would give the first eight 2,420.
  for (const auto& [c, count] : counts) {
    INFO(c);
    CHECK(count > 1700);
    CHECK(count < 2300);
  }
}

TEST_CASE("a Secret that kubectl printed gives its keys", "[exec][secrets]") {
  SecretStore store;
  store.learn_secret_json("n", "s",
                          R"({"apiVersion":"v1","kind":"Secret","data":{"password":"czNjcjN0LWNhbmFyeQ==",)"
                          R"("username":"bWxmbG93LXVzZXI="},"metadata":{"name":"s"}})");
  CHECK(store.has(kRef));
  CHECK(store.secret(kRef).reveal() == "s3cr3t-canary");
  CHECK(store.redactor().scrub("s3cr3t-canary czNjcjN0LWNhbmFyeQ==") == "«redacted» «redacted»");
  CHECK(store.redactor().scrub("mlflow-user") == "mlflow-user");  // a name, not a secret
  CHECK(store.secret({.ns = "n", .secret = "s", .key = "username"}).reveal() == "mlflow-user");
}

TEST_CASE("a Secret without data is no problem", "[exec][secrets]") {
  SecretStore store;
  store.learn_secret_json("n", "s", R"({"kind":"Secret"})");
  store.learn_secret_json("n", "s", R"({"kind":"Secret","data":null})");
  CHECK_FALSE(store.has(kRef));
}

TEST_CASE("what is no Secret is refused without being quoted (DM511)", "[exec][secrets]") {
  for (const std::string text :
       {"s3cr3t-canary", "{\"a\":\"s3cr3t-canary\"", R"({"kind":"List","x":"s3cr3t-canary"})", "", "[]"}) {
    SecretStore store;
    const auto problem = problem_of([&]() { store.learn_secret_json("n", "s", text); });
    CHECK(problem.code == "DM511");
    CHECK_FALSE(support::contains(support::render(problem), "canary"));
  }
}

TEST_CASE("what is not known is refused (DM510)", "[exec][secrets]") {
  SecretStore store;
  CHECK(problem_of([&]() { (void)store.secret(kRef); }).code == "DM510");
  CHECK(problem_of([&]() { (void)store.output({"x"}); }).code == "DM510");
  store.put_output("x", "1");
  store.put_output("x", "2");
  CHECK(store.output({"x"}) == "2");
}

}  // namespace
}  // namespace datamill::exec

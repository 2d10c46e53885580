#include "datamill/command/command.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

#include <map>
#include <type_traits>

namespace datamill::command {
namespace {

static_assert(!std::is_default_constructible_v<fmt::formatter<Secret>>, "a Secret must not be formattable");
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

class FixedLookup final : public SymbolLookup {
public:
  std::map<SecretRef, std::string> secrets{};
  std::map<std::string, std::string> outputs{};
  [[nodiscard]] Secret secret(const SecretRef& ref) const override { return Secret{secrets.at(ref)}; }
  [[nodiscard]] std::string output(const OutputRef& ref) const override { return outputs.at(ref.name); }
};

TEST_CASE("wipe leaves nothing in the buffer", "[command][secret]") {
  for (const std::size_t length : {5U, 500U}) {
    std::string text(length, 's');
    const char* buffer = text.data();
    const std::size_t capacity = text.capacity();
    text.resize(length / 2);  // the tail of an earlier, longer value
    wipe(text);
    CHECK(text.empty());
    CHECK(text.data() == buffer);
    CHECK(std::string(buffer, capacity).find('s') == std::string::npos);
  }
}

TEST_CASE("a moved-from or overwritten Secret holds nothing", "[command][secret]") {
  Secret a{"short"};
  Secret b{std::move(a)};
  CHECK(a.reveal().empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  CHECK(b.reveal() == "short");
  CHECK(a.reveal().data()[1] == '\0');
  a = Secret{"a longer value that is not stored inside the object"};
  b = a;
  CHECK(b.reveal() == a.reveal());
  b = std::move(a);
  CHECK(a.reveal().empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  const Secret& same = b;
  b = same;
  CHECK(b.reveal() == "a longer value that is not stored inside the object");
}

TEST_CASE("json_escaped gives the inside of a JSON string", "[command][secret]") {
  CHECK(json_escaped("a\"b\\c\nd\te\rf\x01g\x1fü/") == "a\\\"b\\\\c\\nd\\te\\rf\\u0001g\\u001fü/");
}

TEST_CASE("resolve replaces symbols in stdin, each in its encoding", "[command][resolve]") {
  FixedLookup lookup;
  const SecretRef ref{.ns = "n", .secret = "s", .key = "k"};
  lookup.secrets[ref] = "pa\"ss";
  lookup.outputs["revision:n/r"] = "7";
  SymbolicText text{"{\"a\":\""};
  text.parts.emplace_back(SecretPart{.ref = ref, .encoding = Encoding::json_string});
  text.parts.emplace_back("\",\"b\":\"");
  text.parts.emplace_back(SecretPart{.ref = ref, .encoding = Encoding::base64});
  text.parts.emplace_back("\",\"c\":");
  text.parts.emplace_back(SecretPart{.ref = ref, .encoding = Encoding::raw});
  text.parts.emplace_back(",\"r\":");
  text.parts.emplace_back(OutputPart{.ref = {.name = "revision:n/r"}});
  text.parts.emplace_back("}");
  CHECK(text.symbolic());
  Command command{.program = "kubectl", .args = {"apply"}};
  command.stdin_text = text;
  const auto resolved = CommandResolver::resolve(command, "/bin/kubectl", lookup);
  CHECK(resolved.executable() == "/bin/kubectl");
  CHECK(resolved.command() == command);
  REQUIRE(resolved.has_stdin());
  CHECK(resolved.stdin_text().reveal() == R"({"a":"pa\"ss","b":"cGEic3M=","c":pa"ss,"r":7})");
}

TEST_CASE("a command without stdin has none", "[command][resolve]") {
  const auto resolved = CommandResolver::resolve({.program = "true"}, "/bin/true", FixedLookup{});
  CHECK_FALSE(resolved.has_stdin());
  CHECK_FALSE(SymbolicText{"x"}.symbolic());
}

TEST_CASE("resolve refuses what no program can receive (DM512)", "[command][resolve]") {
  const std::string nul{"a\0b", 3};
  const FixedLookup lookup;
  const auto code_of = [&](const Command& command) -> std::string {
    try {
      (void)CommandResolver::resolve(command, "/bin/true", lookup);
    } catch (const support::Failure& failure) {
      return failure.diagnostics().items().at(0).code;
    }
    return "";
  };
  CHECK(code_of({.program = "t", .args = {nul}}) == "DM512");
  CHECK(code_of({.program = "t", .env = {{"A", nul}}}) == "DM512");
  CHECK(code_of({.program = "t", .env = {{"A=B", "c"}}}) == "DM512");
  CHECK(code_of({.program = "t", .env = {{"", "c"}}}) == "DM512");
  CHECK(code_of({.program = "t", .cwd = nul}) == "DM512");
  CHECK(code_of({.program = "t", .args = {"a"}, .env = {{"A", "c"}}, .cwd = "/"}).empty());
}

TEST_CASE("the redactor scrubs values plain, as base64 and in JSON", "[command][redactor]") {
  Redactor redactor;
  const std::string value = "s3cr3t\"canary";
  redactor.learn(Secret{value});
  CHECK(redactor.scrub("x " + value + " y " + value) == "x «redacted» y «redacted»");
  CHECK(redactor.scrub("b64 " + support::base64_encode(value) + ".") == "b64 «redacted».");
  CHECK(redactor.scrub(R"({"p":"s3cr3t\"canary"})") == R"({"p":"«redacted»"})");
  CHECK(redactor.scrub("nothing here") == "nothing here");
}

TEST_CASE("the redactor takes the longest value and every line of a long one", "[command][redactor]") {
  Redactor redactor;
  redactor.learn(Secret{"abcdef"});
  redactor.learn(Secret{"abcdefghij"});
  redactor.learn(Secret{"abcdefghij"});
  CHECK(redactor.scrub("abcdefghij") == "«redacted»");
  redactor.learn(Secret{"first line\n  second line\n"});
  CHECK(redactor.scrub("> second line") == "> «redacted»");
}

TEST_CASE("the redactor leaves short values alone", "[command][redactor]") {
  Redactor redactor;
  redactor.learn(Secret{"admin"});
  redactor.learn(Secret{""});
  CHECK(redactor.scrub("admin YWRtaW4=") == "admin YWRtaW4=");
}

}  // namespace
}  // namespace datamill::command

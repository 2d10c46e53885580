#include "datamill/domain/names.hpp"

#include "datamill/domain/snapshot.hpp"
#include "support/catch.hpp"

using namespace datamill::domain;

namespace {

struct NameCase {
  std::string why{};
  std::string name{};
  bool label = false;
  bool release = false;
  bool object = false;
};

}  // namespace

TEST_CASE("names follow RFC 1123 and the limits of their kind", "[domain][names]") {
  const auto c = GENERATE(values<NameCase>({
      {"plain", "data-mill", true, true, true},
      {"digits", "0a9", true, true, true},
      {"53", std::string(53, 'a'), true, true, true},
      {"54", std::string(54, 'a'), true, false, true},
      {"63", std::string(63, 'a'), true, false, true},
      {"64", std::string(64, 'a'), false, false, true},
      {"254", std::string(254, 'a'), false, false, false},
      {"dots", "a.b-c.d", false, false, true},
      {"empty part", "a..b", false, false, false},
      {"part ends with a hyphen", "a-.b", false, false, false},
      {"upper case", "Data", false, false, false},
      {"underscore", "a_b", false, false, false},
      {"leading hyphen", "-a", false, false, false},
      {"trailing hyphen", "a-", false, false, false},
      {"unicode", "\xC3\xA4", false, false, false},
      {"slash", "a/b", false, false, false},
      {"empty", "", false, false, false},
  }));
  INFO(c.why);
  CHECK(dns_label_problem(c.name).empty() == c.label);
  CHECK(release_name_problem(c.name).empty() == c.release);
  CHECK(object_name_problem(c.name).empty() == c.object);
}

TEST_CASE("problems of names read well", "[domain][names]") {
  CHECK(dns_label_problem("") == "it is empty");
  CHECK(release_name_problem(std::string(60, 'a')) == "it has 60 characters, 53 are allowed");
  CHECK(dns_label_problem("aB") == "it has upper-case letters, only lower-case ones are allowed");
  CHECK(dns_label_problem("-a") == "it must start with a letter or digit");
}

TEST_CASE("to_dns_label makes valid labels", "[domain][names]") {
  CHECK(to_dns_label("My_Flavour.v2") == "my-flavour-v2");
  CHECK(to_dns_label("ds_flavour") == "ds-flavour");
  CHECK(to_dns_label("--a--b--") == "a-b");
  CHECK(to_dns_label("\xC3\xA4").empty());
  CHECK(to_dns_label(std::string(62, 'a') + "_b") == std::string(62, 'a'));
}

TEST_CASE("facts and locations have names", "[domain]") {
  CHECK(to_name(Location::local) == "local");
  CHECK(to_name(Location::remote) == "remote");
  CHECK(to_name(Location::hybrid) == "hybrid");
  const Facts facts{.load_balancer = true, .storage_class = "standard"};
  CHECK(facts.all().front() == std::pair<std::string, std::string>("load_balancer", "true"));
  CHECK(facts.all().at(1).second == "standard");
  CHECK(facts.all().size() == 7);
}

TEST_CASE("the snapshot is searched by namespace and name", "[domain][snapshot]") {
  ClusterSnapshot snapshot;
  snapshot.releases = {{.ns = "a", .name = "x", .revision = 1}, {.ns = "b", .name = "x", .revision = 2}};
  snapshot.inventory = {{.component = "mlflow", .ns = "a"}};
  snapshot.namespaces = {{.name = "a", .ours = true}};
  snapshot.our_secrets = {"a/pg"};
  REQUIRE(snapshot.release("b", "x") != nullptr);
  CHECK(snapshot.release("b", "x")->revision == 2);
  CHECK(snapshot.release("c", "x") == nullptr);
  CHECK(snapshot.entry("a", "mlflow") != nullptr);
  CHECK(snapshot.entry("b", "mlflow") == nullptr);
  CHECK(snapshot.find_namespace("a")->ours);
  CHECK(snapshot.find_namespace("b") == nullptr);
  CHECK(snapshot.has_secret("a", "pg"));
  CHECK_FALSE(snapshot.has_secret("b", "pg"));
}

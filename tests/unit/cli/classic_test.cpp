#include "parse_helpers.hpp"
#include "support/catch.hpp"

namespace datamill::cli::testing {

using domain::Location;

struct Classic {
  std::string line{};
  Location location = Location::local;
  std::string command{};
};

TEST_CASE("run maps one location and one action to a command", "[cli][classic]") {
  const auto c = GENERATE(values<Classic>({
      {"run -l -s", Location::local, "start"},
      {"run -r -i -f x", Location::remote, "install"},
      {"run -h -u -f x", Location::hybrid, "uninstall"},
      {"run -l -a", Location::local, "stop"},
      {"run -l -x --yes", Location::local, "destroy"},
      {"run --location remote -s", Location::remote, "start"},
      {"run -hs", Location::hybrid, "start"},
      {"-l run -s", Location::local, "start"},
  }));
  INFO(c.line);
  const auto o = options_of(c.line);
  CHECK(o.command == c.command);
  CHECK(o.location == c.location);
  CHECK(o.classic);
}

TEST_CASE("combined short flags", "[cli][classic]") {
  const auto o = options_of("run -lif flavours/x.yaml -t big.yaml -c lake -c components/notebook");
  CHECK(o.command == "install");
  CHECK(o.location == Location::local);
  CHECK(o.flavour == "flavours/x.yaml");
  CHECK(o.target == "big.yaml");
  CHECK(o.components == std::vector<std::string>{"lake", "notebook"});
  CHECK(options_of("run -lic lake").components == std::vector<std::string>{"lake"});
}

TEST_CASE("the other flags work with run", "[cli][classic]") {
  const auto o = options_of("run -l -u -f x --yes -o json --dry-run --purge-data -vv", {{"DATAMILL_TIMEOUT", "5m"}});
  CHECK((o.yes && o.dry_run && o.purge_data && o.verbose == 2 && o.output == Output::json));
  CHECK(o.timeout == std::chrono::minutes(5));
}

TEST_CASE("the location of run comes from its flags alone", "[cli][classic]") {
  CHECK(options_of("run -l -s", {{"DATAMILL_LOCATION", "remote"}}).location == Location::local);
  CHECK_FALSE(parse_line("run -s", {{"DATAMILL_LOCATION", "remote"}}).options);
}

struct Refusal {
  std::string line{};
  std::string problem{};
};

const std::string kLocations = " | give one of -l (local), -r (remote), -h (hybrid: an existing cluster)";
const std::string kActions = " | give one of -s (start), -i (install), -u (uninstall), -a (halt), -x (destroy), "
                             "-p (proxy), -d net|app (debug)";

TEST_CASE("run refuses what is missing, doubled or misplaced", "[cli][classic]") {
  const auto c = GENERATE(values<Refusal>({
      {"run -l -r -i -f x", "DM005: run takes exactly one location, but -l and -r are given" + kLocations},
      {"run -l -l -i -f x", "DM005: run takes exactly one location, but -l and -l are given" + kLocations},
      {"run -l --location local -s",
       "DM005: run takes exactly one location, but -l and --location are given" + kLocations},
      {"run -i -f x", "DM005: run needs exactly one location, and none is given" + kLocations},
      {"run -l -f x", "DM005: run needs exactly one action, and none is given" + kActions},
      {"run -l -i -u -x", "DM005: run takes exactly one action, but -i and -u and -x are given" + kActions},
      {"run -h", "DM005: run needs exactly one action, and none is given" + kActions},
      {"run", "DM005: run needs exactly one location, and none is given" + kLocations +
                  "\nDM005: run needs exactly one action, and none is given" + kActions},
      {"run -l -i --port 8001 -f x", "DM003: --port does not go with -i (install) | it goes with -p"},
      {"run -l -d", "DM004: -d needs a value | add it behind the flag"},
      {"run -l -i -c -f x", "DM004: -c (--component) needs a value, but the flag \"-f\" follows it | write -c NAME"},
      {"run -i -c -l", "DM004: -c (--component) needs a value, but the flag \"-l\" follows it | write -c NAME"},
      {"run -l -x -c lake", "DM003: --component does not go with -x (destroy) | it goes with -i and -u"},
      {"run -l -i --purge-data", "DM003: --purge-data does not go with -i (install) | it goes with -u and -x"},
      {"run -l -z -s", "DM003: unknown flag \"-z\" of run | see \"datamill run --help\""},
      {"run -l -i x.yaml", "DM007: \"x.yaml\" is not a flag, and run takes no other arguments | write -f x.yaml"},
      {"run -l -s --action stop", "DM003: --action does not go with run | it goes with: plan"},
  }));
  INFO(c.line);
  const auto result = parse_line(c.line);
  CHECK_FALSE(result.options);
  CHECK(problems_of(result) == c.problem);
}

TEST_CASE("run -d takes net or app", "[cli][classic]") {
  const auto o = options_of("run -l -d net --image x:1 -- nslookup -type=a x");
  CHECK(o.command == "debug");
  CHECK(o.arguments == std::vector<std::string>{"net", "nslookup", "-type=a", "x"});
  CHECK(o.debug_image == "x:1");
  CHECK(options_of("run -h -d=app").arguments == std::vector<std::string>{"app"});
  CHECK(support::contains(problems_of("run -l -d net x.yaml"), "DM007"));
  CHECK(support::contains(problems_of("run -l -i --image x:1"), "DM003: --image does not go with -i"));
  const auto problems = problems_of("run -l -d nett");
  CHECK(support::contains(problems, "DM004: -d is one of net, app, not \"nett\" | did you mean \"net\"?"));
}

}  // namespace datamill::cli::testing

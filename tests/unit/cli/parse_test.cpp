#include "parse_helpers.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;

namespace datamill::cli::testing {

TEST_CASE("every flag lands in its option", "[cli][parse]") {
  const auto o =
      options_of("install -f ds.yaml --target big -c lake --component components/notebook/ -n ml --location hybrid "
                 "--kubeconfig k.yaml --kube-context ctx -j 8 --timeout 1h30m -y --no-input --dry-run --fail-fast "
                 "--reinstall --no-deps --adopt -o json -vv --color never --state-dir /s --root /r");
  CHECK(o.command == "install");
  CHECK_FALSE(o.classic);
  CHECK(o.flavour == "ds.yaml");
  CHECK(o.target == "big");
  CHECK(o.components == std::vector<std::string>{"lake", "notebook"});
  CHECK(o.k8s_namespace == "ml");
  CHECK(o.location == domain::Location::hybrid);
  CHECK(o.kubeconfig == "k.yaml");
  CHECK(o.kube_context == "ctx");
  CHECK(o.parallelism == 8);
  CHECK(o.timeout == 90min);
  CHECK(o.yes);
  CHECK(o.no_input);
  CHECK(o.dry_run);
  CHECK(o.fail_fast);
  CHECK(o.reinstall);
  CHECK(o.no_deps);
  CHECK(o.adopt);
  CHECK(o.output == Output::json);
  CHECK(o.verbose == 2);
  CHECK(o.color == ui::ColorMode::never);
  CHECK(o.state_dir == "/s");
  CHECK(o.root == "/r");
  CHECK_FALSE(o.needs_flavour);
}

TEST_CASE("flags of single commands land in their options", "[cli][parse]") {
  const auto u = options_of("uninstall --cascade --force --purge-data --purge-crds");
  CHECK((u.cascade && u.force && u.purge_data && u.purge_crds));
  const auto d = options_of("destroy --yes-all");
  CHECK((d.yes_all && !d.yes));
  const auto p = options_of("plan --action stop --offline --detailed-exitcode -o shell");
  CHECK(p.plan_action == "stop");
  CHECK((p.offline && p.detailed_exitcode && p.output == Output::shell));
  CHECK(options_of("config show --origin").show_origin);
  CHECK(options_of("status -q").quiet);
}

TEST_CASE("values may be attached to their flags", "[cli][parse]") {
  CHECK(options_of("plan --flavour=x.yaml").flavour == "x.yaml");
  CHECK(options_of("plan -fx.yaml").flavour == "x.yaml");
  CHECK(options_of("plan -f=x.yaml").flavour == "x.yaml");
  CHECK(options_of("install -yf x.yaml").flavour == "x.yaml");
}

TEST_CASE("flags may stand before the command", "[cli][parse]") {
  const auto o = options_of("-f x.yaml -o json --color=never plan --offline");
  CHECK(o.command == "plan");
  CHECK(o.flavour == "x.yaml");
  CHECK(o.output == Output::json);
  CHECK(o.offline);
  CHECK(options_of("-vf plan.yaml status").flavour == "plan.yaml");
}

TEST_CASE("-c takes a name or components/NAME, each once", "[cli][parse]") {
  CHECK(options_of("install -c a -c components/a -c ./components/b/ -c c/").components ==
        std::vector<std::string>{"a", "b", "c"});
  CHECK(problems_of("install -c components/") ==
        "DM004: --component needs a component's name, not \"components/\" | give --component a component's name");
}

TEST_CASE("-j has bounds", "[cli][parse]") {
  CHECK(options_of("install -j 1").parallelism == 1);
  CHECK(options_of("install -j 64").parallelism == 64);
  CHECK_FALSE(parse_line("install -j 65").options);
  CHECK_FALSE(parse_line("install -j 4x").options);
}

TEST_CASE("install and uninstall without a flavour say so to the command", "[cli][parse]") {
  CHECK(options_of("install").needs_flavour);
  CHECK(options_of("uninstall").needs_flavour);
  CHECK(options_of("plan").needs_flavour);
  CHECK(options_of("run -l -i").needs_flavour);
  CHECK_FALSE(options_of("install -c lake").needs_flavour);
  CHECK_FALSE(options_of("install", {{"DATAMILL_FLAVOUR", "x"}}).needs_flavour);
  CHECK_FALSE(options_of("plan --action stop").needs_flavour);
  CHECK_FALSE(options_of("run -l -s").needs_flavour);
  CHECK_FALSE(options_of("status").needs_flavour);
}

TEST_CASE("arguments of commands with topics", "[cli][parse]") {
  CHECK(options_of("config explain local.cpus").arguments == std::vector<std::string>{"explain", "local.cpus"});
  CHECK(options_of("tools install helm kubectl").arguments == std::vector<std::string>{"install", "helm", "kubectl"});
  CHECK(options_of("list flavours").arguments == std::vector<std::string>{"flavours"});
  CHECK(options_of("config explain -- -x").arguments == std::vector<std::string>{"explain", "-x"});
}

TEST_CASE("commands around a pod take a component as their argument", "[cli][parse]") {
  const auto logs = options_of("logs components/notebook/ -F --since 10m --tail 20 --pod a --container b");
  CHECK(logs.components == std::vector<std::string>{"notebook"});
  CHECK(logs.arguments.empty());
  CHECK(logs.follow);
  CHECK(logs.since == std::chrono::seconds{600});
  CHECK(logs.tail == 20);
  CHECK(logs.pod == "a");
  CHECK(logs.container == "b");
  CHECK(options_of("logs notebook --previous --tail 0").previous);
  CHECK(options_of("logs notebook -f quickstart").flavour == "quickstart");
  CHECK(options_of("events").components.empty());
  CHECK(options_of("open notebook --port 8888 --no-browser").port == 8888);
  CHECK(options_of("open notebook --no-browser").no_browser);
  CHECK(options_of("kubeconfig --export").export_line);
  CHECK(options_of("run -l -p --port 8001").command == "proxy");
  const auto exec = options_of("exec notebook -- ls -l -- --help");
  CHECK(exec.components == std::vector<std::string>{"notebook"});
  CHECK(exec.arguments == std::vector<std::string>{"ls", "-l", "--", "--help"});
}

TEST_CASE("--version is the command version", "[cli][parse]") {
  CHECK(options_of("--version").command == "version");
  CHECK(options_of("version -o json").output == Output::json);
}

struct Refusal {
  std::string line{};
  std::string problem{};
};

TEST_CASE("usage errors say what is wrong and what to type", "[cli][parse]") {
  const auto c = GENERATE(values<Refusal>({
      {"instal", "DM001: \"instal\" is no command of datamill | did you mean \"install\"?"},
      {"flavours/x.yaml", "DM001: \"flavours/x.yaml\" is no command of datamill | to install a flavour: \"datamill "
                          "install -f flavours/x.yaml\""},
      {"qqqqqqqq",
       "DM001: \"qqqqqqqq\" is no command of datamill | see \"datamill --help\" for the commands there are"},
      {"-l -i",
       "DM001: no command is given | see \"datamill --help\"; the short flags of data-mill belong to \"datamill run\""},
      {"cost",
       "DM002: \"cost\" is not available in this version of datamill | nearest in this version: \"datamill plan\""},
      {"secrets", "DM002: \"secrets\" is not available in this version of datamill | see \"datamill "
                  "--help\" for the commands there are"},
      {"status -o dot", "DM004: --output is one of table, wide, json, not \"dot\" | write --output table"},
      {"install --log-format json", "DM002: --log-format is not available in this version of datamill | leave it out"},
      {"plan --flavor x", "DM003: unknown flag \"--flavor\" of plan | did you mean \"--flavour\"?"},
      {"plan --qqqqqqqq", "DM003: unknown flag \"--qqqqqqqq\" of plan | see \"datamill plan --help\""},
      {"plan --purge-datas=1", "DM003: unknown flag \"--purge-datas\" of plan | did you mean \"--purge-data\"?"},
      {"start --purge-data", "DM003: --purge-data does not go with start | it goes with: uninstall destroy plan"},
      {"install -l",
       "DM003: -l does not go with install | -l is a flag of \"datamill run\"; see \"datamill install --help\""},
      {"plan -flavour x", "DM003: \"-flavour\" has one dash too few | did you mean \"--flavour\"?"},
      {"plan -q -v", "DM003: -q (quiet) and -v (verbose) contradict each other | leave out one of them"},
      {"plan -f", "DM004: -f needs a value | add it behind the flag"},
      {"plan --flavour", "DM004: --flavour needs a value | add it behind the flag"},
      {"plan --flavour= -o json", "DM004: -f (--flavour) has an empty value | write -f FILE"},
      {"install --yes=no", "DM004: --yes takes no value: \"--yes=no\" | write only --yes"},
      {"plan -f --offline",
       "DM004: -f (--flavour) needs a value, but the flag \"--offline\" follows it | write -f FILE"},
      {"plan -f a -f b", "DM004: -f (--flavour) is given 2 times: \"a\" and \"b\" | give it once"},
      {"install -j 0", "DM004: --parallelism needs a whole number from 1 to 64, not \"0\" | give --parallelism a whole "
                       "number from 1 to 64"},
      {"install --timeout 5", "DM004: --timeout needs a duration such as 90s, 30m or 1h30m, not \"5\" | give --timeout "
                              "a duration such as 90s, 30m or 1h30m"},
      {"install --color alwys",
       "DM004: --color is one of auto, always, never, not \"alwys\" | did you mean \"always\"?"},
      {"plan -o jsn",
       "DM004: --output is one of text, json, shell, dot, mermaid, not \"jsn\" | did you mean \"json\"?"},
      {"status -o shell", "DM004: --output is one of table, wide, json, not \"shell\" | write --output table"},
      {"status notebook", "DM007: \"notebook\" is not a flag, and status takes no other arguments | write -c notebook "
                          "for a component, -f notebook for a flavour"},
      {"start flavours/x.yaml",
       "DM007: \"flavours/x.yaml\" is not a flag, and start takes no other arguments | write -f flavours/x.yaml"},
      {"version now",
       "DM007: \"now\" is not a flag, and version takes no other arguments | see \"datamill version --help\""},
      {"logs",
       "DM007: logs needs the name of a component | write \"datamill logs COMPONENT [flags]\"; to follow the log: "
       "-F (-f is the flavour)"},
      {"logs notebook -f", "DM004: -f needs a value | to follow the log: -F or --follow; -f FILE is the flavour"},
      {"exec", "DM007: exec needs the name of a component | write \"datamill exec COMPONENT [flags] [-- CMD...]\""},
      {"open a b", "DM007: \"b\" is one argument too many for open | write \"datamill open COMPONENT [flags]\""},
      {"open a --port 70000", "DM004: --port needs a whole number from 1 to 65535, not \"70000\" | give --port a whole "
                              "number from 1 to 65535"},
      {"config", "DM007: config needs one of: show, explain | write \"datamill config show\""},
      {"config explian x", "DM007: config does not know \"explian\" | did you mean \"explain\"?"},
      {"config explain", "DM007: config explain needs KEY | write \"datamill config explain KEY\""},
      {"config explain a b",
       "DM007: \"b\" is one argument too many for config explain | write \"datamill config explain KEY\""},
      {"list flavours x", "DM007: \"x\" is one argument too many for list flavours | write \"datamill list flavours\""},
  }));
  INFO(c.line);
  const auto result = parse_line(c.line);
  CHECK_FALSE(result.options);
  CHECK(problems_of(result) == c.problem);
}

TEST_CASE("debug takes a kind, or a pod, and a command", "[cli][parse]") {
  CHECK(options_of("debug app").arguments == std::vector<std::string>{"app"});
  const auto o = options_of("debug net -n a -- ls -l --flavour");
  CHECK(o.arguments == std::vector<std::string>{"net", "ls", "-l", "--flavour"});
  CHECK(o.flavour.empty());
  CHECK(options_of("debug --pod b/x").arguments == std::vector<std::string>{"net"});
  CHECK(options_of("debug --pod x -- app").arguments == std::vector<std::string>{"net", "app"});
  CHECK(options_of("debug app --pod x -- ls").arguments == std::vector<std::string>{"app", "ls"});
  CHECK(problems_of("debug") == "DM007: debug needs one of: net, app | write \"datamill debug net\"");
  CHECK(support::contains(problems_of("debug nett"), "did you mean \"net\"?"));
}

TEST_CASE("an empty value is refused", "[cli][parse]") {
  const auto result = parse({"plan", "-f", ""}, {});
  CHECK(problems_of(result) == "DM004: -f (--flavour) has an empty value | write -f FILE");
}

TEST_CASE("shell metacharacters in values stay what they are", "[cli][parse]") {
  const std::string value = "a b$(touch x)`y`'\"\n[1,2]\xC3\xA9";
  const auto result = parse({"plan", "-f", value}, {});
  CHECK(result.options.value_or(Options{}).flavour == value);
}

TEST_CASE("the environment counts where no flag is given", "[cli][environment]") {
  const std::map<std::string, std::string> variables{
      {"DATAMILL_FLAVOUR", "env.yaml"}, {"DATAMILL_TARGET", "t"},        {"DATAMILL_LOCATION", "remote"},
      {"DATAMILL_STATE_DIR", "/s"},     {"DATAMILL_ROOT", "/r"},         {"DATAMILL_OUTPUT", "json"},
      {"DATAMILL_PARALLELISM", "3"},    {"DATAMILL_TIMEOUT", "5m"},      {"DATAMILL_YES", "1"},
      {"DATAMILL_COLOR", "never"},      {"DATAMILL_NAMESPACE", "ns"},    {"DATAMILL_KUBECONFIG", "k"},
      {"DATAMILL_KUBE_CONTEXT", "c"},   {"DATAMILL_FAIL_FAST", "false"}, {"DATAMILL_NO_INPUT", "true"}};
  const auto o = options_of("install", variables);
  CHECK(o.flavour == "env.yaml");
  CHECK(o.target == "t");
  CHECK(o.location == domain::Location::remote);
  CHECK(o.state_dir == "/s");
  CHECK(o.root == "/r");
  CHECK(o.output == Output::json);
  CHECK(o.parallelism == 3);
  CHECK(o.timeout == 5min);
  CHECK(o.yes);
  CHECK(o.color == ui::ColorMode::never);
  CHECK(o.k8s_namespace == "ns");
  CHECK(o.kubeconfig == "k");
  CHECK(o.kube_context == "c");
  CHECK_FALSE(o.fail_fast);
  CHECK(o.no_input);
  const auto f = options_of("install -f flag.yaml -o text --timeout 1m --location local", variables);
  CHECK(f.flavour == "flag.yaml");
  CHECK(f.output == Output::text);
  CHECK(f.timeout == 1min);
  CHECK(f.location == domain::Location::local);
}

TEST_CASE("bad variables are usage errors that name them", "[cli][environment]") {
  CHECK(problems_of("install", {{"DATAMILL_TIMEOUT", "soon"}}) ==
        "DM004: DATAMILL_TIMEOUT needs a duration such as 90s, 30m or 1h30m, not \"soon\" | give DATAMILL_TIMEOUT a "
        "duration such as 90s, 30m or 1h30m");
  CHECK(problems_of("install", {{"DATAMILL_YES", "maybe"}}) ==
        "DM004: DATAMILL_YES is one of true, false, not \"maybe\" | write DATAMILL_YES true");
  CHECK(problems_of("install", {{"DATAMILL_OUTPUT", "jsn"}}) ==
        "DM004: DATAMILL_OUTPUT is one of text, json, not \"jsn\" | did you mean \"json\"?");
}

TEST_CASE("variables of flags that a command does not take change nothing", "[cli][environment]") {
  CHECK(problems_of("version", {{"DATAMILL_TIMEOUT", "soon"}}).empty());
  CHECK(options_of("install", {{"DATAMILL_OUTPUT", "wide"}}).output == Output::automatic);
  CHECK(options_of("install --timeout 5m", {{"DATAMILL_TIMEOUT", "soon"}}).timeout == 5min);
  CHECK_FALSE(options_of("install", {{"DATAMILL_FLAVOUR", ""}}).command.empty());
}

TEST_CASE("-o json is seen before the line is parsed", "[cli][json]") {
  const auto json = [](const std::string& line) { return wants_json(support::split_list(line, " "), {}); };
  CHECK(json("instal -o json"));
  CHECK(json("x -ojson"));
  CHECK(json("x -o=json"));
  CHECK(json("x --output json"));
  CHECK(json("x --output=json"));
  CHECK(json("run -lio json"));
  CHECK_FALSE(json("x -o text"));
  CHECK_FALSE(json("x -- -o json"));
  CHECK_FALSE(json("x -o"));
  const std::map<std::string, std::string> variables{{"DATAMILL_OUTPUT", "json"}};
  CHECK(wants_json({}, support::Environment(variables)));
  CHECK_FALSE(wants_json({"x", "-o", "text"}, support::Environment(variables)));
}

}  // namespace datamill::cli::testing

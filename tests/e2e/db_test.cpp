// db load: what psql is asked in the server's pod, and what is made of its answers.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <csignal>

namespace datamill::tests {

namespace {

using support::contains;
using namespace std::chrono_literals;

const std::string kPod = R"({"has":["cnpg.io/instanceRole=primary"],"stdout":"postgres-1 "})";
const std::string kNoTable = R"({"has":["to_regclass"],"stdout":"f\n"})";
const std::string kTable = R"({"has":["to_regclass"],"stdout":"t\n"})";

struct DbBench : Workbench {
  std::string file = folder().write("theirs.yaml", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\ncontexts: "
                                                   "[{name: theirs, context: {cluster: c, user: u}}]\n");

  DbBench() {
    environment["DATAMILL_LOCATION"] = "hybrid";
    environment["DATAMILL_KUBECONFIG"] = file;
    environment["DATAMILL_FLAVOUR"] = folder().write("db.yaml", "project: {flavour: [cnpg-operator, postgres]}\n");
    REQUIRE(run({"install", "--location", "hybrid"}).exit_code == 0);
    cluster(file).put(fake::make_object("v1", "Pod", "data-mill", "postgres-1"));
    forget_calls();
  }
  [[nodiscard]] ToolCall last_psql() const {
    const auto all = calls([](const ToolCall& call) { return call.has("kubectl exec"); });
    REQUIRE_FALSE(all.empty());
    return all.back();
  }
};

}  // namespace

TEST_CASE("a CSV file becomes a table with the types of its values", "[e2e][db]") {
  DbBench bench;
  bench.rules({kPod, kNoTable});
  const auto file = bench.folder().write("my data.csv", "id,\"a \"\"b\"\"\",day\n1,x,2026-04-01\n2,,2026-04-02\n");
  const auto result = bench.run({"db", "load", file});
  CHECK(result.exit_code == 0);
  CHECK(result.out == "2 rows in the new table \"my data\" of database app (id integer, a \"b\" text, day date)\n");
  const auto call = bench.last_psql();
  CHECK(call.has("exec postgres-1"));
  CHECK(call.has("--container postgres --quiet --stdin -- psql --username=postgres"));
  CHECK(call.has("--single-transaction"));
  CHECK(call.has("--dbname=app"));
  CHECK(call.has(R"(CREATE TABLE "my data" ("id" integer, "a ""b""" text, "day" date))"));
  CHECK(
      call.has(R"(COPY "my data" ("id", "a ""b""", "day") FROM STDIN WITH (FORMAT csv, HEADER true, DELIMITER E','))"));
  CHECK(call.has("<> 2 THEN RAISE"));
  CHECK(*call.input == "id,\"a \"\"b\"\"\",day\n1,x,2026-04-01\n2,,2026-04-02\n");
}

TEST_CASE("a table that is there is only touched when it is said how", "[e2e][db]") {
  DbBench bench;
  bench.rules({kPod, kTable});
  const auto file = bench.folder().write("t.csv", "a\n1\n");
  auto result = bench.run({"db", "load", file});
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "DM063"));
  CHECK(bench.count("COPY") == 0);
  CHECK(bench.run({"db", "load", file, "--replace", "--table", "s.other"}).exit_code == 0);
  CHECK(bench.last_psql().has(R"(DROP TABLE IF EXISTS "s"."other")"));
  result = bench.run({"db", "load", file, "--append"});
  CHECK(result.out == "1 rows added to table \"t\" of database app (a)\n");
  CHECK(bench.last_psql().has(R"(INSERT INTO "t" ("a") SELECT "a" FROM datamill_load)"));
  CHECK_FALSE(bench.last_psql().has("CREATE TABLE"));
}

TEST_CASE("bad CSV files are refused with their lines", "[e2e][db]") {
  DbBench bench;
  bench.rules({kPod, kNoTable});
  struct Case {
    std::string text{};
    std::string expected{};
  };
  const auto c = GENERATE(values<Case>({
      {"a,b\n1,2\n3\n", "t.csv:3:1: error[DM062]: the row has 1 value, the header has 2"},
      {"a,b\n\"x\ny\",2\n3,4,5\n", "t.csv:4:1: error[DM062]: the row has 3 values"},
      {"a,a\n", "t.csv:1:1: error[DM062]: two columns are named \"a\""},
      {"a,\n", "t.csv:1:1: error[DM062]: column 2 has no name"},
      {"a\n\"x\n", "t.csv:2:1: error[DM062]: the quote that begins here does not end"},
      {"a\n\\.\n", "t.csv:2:1: error[DM062]: a line that is \\. ends"},
      {"", "the file is empty"},
  }));
  const auto result = bench.run({"db", "load", bench.folder().write("t.csv", c.text)});
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, c.expected));
  CHECK(bench.count("COPY") == 0);
}

TEST_CASE("what PostgreSQL refuses is told with the file's line", "[e2e][db]") {
  DbBench bench;
  SECTION("CSV") {
    bench.rules(
        {kPod, kNoTable,
         R"({"has":["COPY"],"exit":3,"stderr":"ERROR:  22P02: invalid input syntax\nCONTEXT:  COPY t, line 3, column a: \"x\"\nLOCATION: f.c:1"})"});
    const auto result = bench.run({"db", "load", bench.folder().write("t.csv", "a\n1\n2\n")});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "t.csv:3:1: error[DM064]: PostgreSQL refuses it: invalid input syntax\n"));
  }
  SECTION("SQL") {
    bench.rules(
        {kPod, R"({"has":["--file=-"],"exit":3,"stderr":"psql:<stdin>:2: ERROR:  42601: syntax error at end"})"});
    const auto result = bench.run({"db", "load", bench.folder().write("t.sql", "SELECT 1;\nSELEC;\n")});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "t.sql:2:1: error[DM064]: PostgreSQL refuses it: syntax error at end\n"));
    CHECK(contains(result.err, "SELEC;"));
  }
  SECTION("a database that is not there") {
    bench.rules({kPod,
                 R"({"has":["--dbname=ap "],"exit":2,"stderr":"psql: error: FATAL:  database \"ap\" does not exist"})",
                 R"({"has":["--dbname=postgres"],"stdout":"app\nshop\n"})"});
    const auto result = bench.run({"db", "load", bench.folder().write("t.csv", "a\n1\n"), "--database", "ap"});
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "DM066"));
    CHECK(contains(result.err, "did you mean \"app\"?"));
  }
}

TEST_CASE("an SQL file is one transaction that must come to its end", "[e2e][db]") {
  DbBench bench;
  const auto file = bench.folder().write("t.sql", "CREATE TABLE t (a int);\n");
  SECTION("it does") {
    bench.rules({kPod, R"({"has":["--file=-"],"stdout":"datamill: committed\n"})"});
    CHECK(bench.run({"db", "load", file}).exit_code == 0);
    const auto input = *bench.last_psql().input;
    CHECK(input.starts_with("BEGIN; "));
    CHECK(contains(input, "$; CREATE TABLE t (a int);\n\nCOMMIT;\n"));
  }
  SECTION("it does not") {
    bench.rules({kPod, R"({"has":["--file=-"],"stdout":""})"});
    const auto result = bench.run({"db", "load", file});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "ends inside of a quote"));
  }
}

TEST_CASE("db load refuses what makes no sense", "[e2e][db]") {
  DbBench bench;
  const auto sql = bench.folder().write("t.sql", "");
  const auto csv = bench.folder().write("t.csv", "a\n");
  CHECK(contains(bench.run({"db", "load", sql, "--append"}).err, "DM065"));
  CHECK(contains(bench.run({"db", "load", csv, "--append", "--replace"}).err, "DM065"));
  CHECK(contains(bench.run({"db", "load", "x.parquet"}).err, "DM062"));
  CHECK(contains(bench.run({"db", "load", "missing.csv"}).err, "there is no file"));
  bench.rules({R"({"has":["cnpg.io/instanceRole=primary"],"stdout":""})"});
  CHECK(contains(bench.run({"db", "load", csv}).err, "DM061"));
}

TEST_CASE("Ctrl-C while loading commits nothing", "[e2e][db]") {
  DbBench bench;
  bench.rules({kPod, R"({"has":["--file=-"],"sleep_ms":60000})"});
  auto program = bench.start({"db", "load", bench.folder().write("t.sql", "SELECT 1;\n")});
  REQUIRE(bench.wait_for_call("--file=-"));
  program->signal(SIGINT);
  const auto result = program->wait(20s);
  CHECK(result.exit_code == 130);
  CHECK(contains(result.err, "not committed"));
}

}  // namespace datamill::tests

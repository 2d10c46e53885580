#include "datamill/net/object_stream.hpp"
#include "support/catch.hpp"
#include "support/socket_server.hpp"
#include "support/temp_folder.hpp"

#include <map>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using datamill::net::ObjectStreams;
using datamill::net::StreamEnd;
using datamill::net::StreamId;
using datamill::tests::SocketServer;
using datamill::tests::TempFolder;

namespace {

struct Sink : datamill::net::StreamSink {
  std::map<StreamId, std::vector<std::string>> data{};
  std::map<StreamId, StreamEnd> ends{};
  void on_data(StreamId stream, std::string_view text) override { data[stream].emplace_back(text); }
  void on_end(StreamId stream, const StreamEnd& end) override { ends[stream] = end; }
};

SocketServer::Reply answer(const std::string& path) {
  if (path.starts_with("/stream")) return {.stays = true};
  if (path == "/whole") return {.body = "one\ntwo\n"};
  if (path == "/busy") return {.status = "429 Too Many Requests", .body = "later", .headers = "Retry-After: 3\r\n"};
  if (path == "/silent") return {.silent = true};
  return {.status = "404 Not Found", .body = "no such thing"};
}

struct Fixture {
  TempFolder folder{};
  std::string socket = folder.path("s");
  SocketServer server{socket, answer};
  Sink sink{};
  ObjectStreams streams{socket, sink};

  template <class Done>
  bool turn_until(Done done) {
    const auto limit = ObjectStreams::Clock::now() + 30s;
    while (!done()) {
      if (ObjectStreams::Clock::now() > limit) return false;
      streams.turn(ObjectStreams::Clock::now() + 50ms);
    }
    return true;
  }
  bool turn_until_end(StreamId id) {
    return turn_until([&] { return sink.ends.contains(id); });
  }
};

}  // namespace

TEST_CASE("lines come whole, whatever the pieces", "[net][proc]") {
  Fixture f;
  const auto id = f.streams.open({.path = "/stream", .lines = true});
  REQUIRE(f.turn_until([&] { return f.server.requests().size() == 1; }));
  f.server.push("/stream", "{\"a\":");
  f.server.push("/stream", "1}\n\n{\"b\":2}\n{\"c\"");
  REQUIRE(f.turn_until([&] { return f.sink.data[id].size() == 2; }));
  CHECK(f.sink.data[id] == std::vector<std::string>{"{\"a\":1}", "{\"b\":2}"});
  CHECK(f.sink.ends.empty());
  f.server.drop("/stream");
  REQUIRE(f.turn_until_end(id));
  CHECK(f.sink.ends[id].status == 200);
  CHECK_FALSE(f.sink.ends[id].problem.empty());
  CHECK(f.sink.data[id].size() == 2);
}

TEST_CASE("an answer that is no stream comes as it is", "[net][proc]") {
  Fixture f;
  const auto id = f.streams.open({.path = "/whole"});
  REQUIRE(f.turn_until_end(id));
  std::string text;
  for (const auto& piece : f.sink.data[id])
    text += piece;
  CHECK(text == "one\ntwo\n");
  CHECK(f.sink.ends[id].problem.empty());
}

TEST_CASE("refusals say what the server said and when to come back", "[net][proc]") {
  Fixture f;
  const auto busy = f.streams.open({.path = "/busy"});
  const auto missing = f.streams.open({.path = "/missing"});
  REQUIRE(f.turn_until_end(busy));
  REQUIRE(f.turn_until_end(missing));
  CHECK(f.sink.ends[busy].status == 429);
  CHECK(f.sink.ends[busy].retry_after == 3s);
  CHECK(f.sink.ends[busy].refusal == "later");
  CHECK(f.sink.ends[missing].status == 404);
  CHECK(f.sink.data.empty());
}

TEST_CASE("a socket that nobody listens on is an end, not an exception", "[net][proc]") {
  Sink sink;
  const TempFolder folder;
  ObjectStreams streams(folder.path("nobody"), sink);
  const auto id = streams.open({.path = "/x"});
  for (int i = 0; i < 600 && sink.ends.empty(); ++i)
    streams.turn(ObjectStreams::Clock::now() + 50ms);
  REQUIRE(sink.ends.contains(id));
  CHECK(sink.ends[id].status == 0);
  CHECK_FALSE(sink.ends[id].problem.empty());
}

TEST_CASE("what stays silent ends, what is cancelled says nothing more", "[net][proc]") {
  Fixture f;
  const auto silent = f.streams.open({.path = "/silent", .silence = 300ms});
  const auto cancelled = f.streams.open({.path = "/stream", .lines = true});
  REQUIRE(f.turn_until([&] { return f.server.requests("/stream").size() == 1; }));
  f.streams.cancel(cancelled);
  f.server.push("/stream", "too late\n");
  REQUIRE(f.turn_until_end(silent));
  CHECK(f.sink.ends[silent].problem == "nothing arrived any more");
  CHECK_FALSE(f.sink.ends.contains(cancelled));
  CHECK_FALSE(f.sink.data.contains(cancelled));
}

TEST_CASE("fifty streams wait in one thread, and a call wakes it", "[net][proc]") {
  Fixture f;
  for (int i = 0; i < 50; ++i)
    (void)f.streams.open({.path = "/stream" + std::to_string(i), .lines = true, .silence = 60s});
  REQUIRE(f.turn_until([&] { return f.server.requests().size() == 50; }));
  rusage before{};
  rusage after{};
  getrusage(RUSAGE_THREAD, &before);
  std::thread other([&] {
    std::this_thread::sleep_for(1s);
    f.streams.wake();
  });
  // Answers' heads may still be under way.
  f.streams.turn(ObjectStreams::Clock::now() + 100ms);
  f.streams.turn(ObjectStreams::Clock::now() + 60s);
  other.join();
  getrusage(RUSAGE_THREAD, &after);
  const auto switches = after.ru_nvcsw - before.ru_nvcsw;
  CHECK(switches < 150);  // a loop that looks every few milliseconds has more
  CHECK(f.server.push("/stream", "x\n") == 50);
  CHECK(f.turn_until([&] { return f.sink.data.size() == 50; }));
}

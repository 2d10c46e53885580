#include "loopback_server.hpp"

#include "datamill/net/downloader.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

using namespace std::chrono_literals;
using datamill::net::DownloadProgress;
using datamill::net::DownloadRequest;
using datamill::net::make_curl_downloader;
using datamill::tests::LoopbackServer;
using datamill::tests::TempFolder;

namespace {

const std::string kBody(300000, 'x');

std::string answer(const std::string& path) {
  if (path == "/file") return LoopbackServer::response("200 OK", kBody);
  if (path == "/here") return LoopbackServer::response("302 Found", "", "Location: /file\r\n");
  if (path == "/away") return LoopbackServer::response("302 Found", "", "Location: ftp://127.0.0.1/file\r\n");
  if (path == "/short") return "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\nConnection: close\r\n\r\nxxx";
  if (path == "/silent") return "";
  return LoopbackServer::response("404 Not Found", "no such file");
}

struct Fixture {
  LoopbackServer server{answer};
  TempFolder folder{};
  std::unique_ptr<datamill::net::Downloader> downloader = make_curl_downloader(datamill::support::Environment());
  DownloadRequest request(const std::string& path) const {
    return {.url = server.url(path),
            .destination = folder.path("out"),
            .sha256 = datamill::support::sha256_hex(kBody),
            .stall_timeout = 1s};
  }
  bool left_nothing() const { return std::filesystem::is_empty(folder.path()); }
};

}  // namespace

TEST_CASE("a file with the right checksum arrives under its name", "[net][proc]") {
  Fixture f;
  DownloadProgress progress;
  auto request = f.request(GENERATE("/file", "/here"));
  request.progress = &progress;
  const auto result = f.downloader->fetch(request);
  CHECK(result.problem.empty());
  CHECK(result.ok);
  CHECK(TempFolder::read(f.folder.path("out")) == kBody);
  CHECK(progress.received == 300000);
}

TEST_CASE("a wrong checksum leaves nothing behind and says both", "[net][proc]") {
  Fixture f;
  auto request = f.request("/file");
  request.sha256 = std::string(64, 'a');
  const auto result = f.downloader->fetch(request);
  CHECK_FALSE(result.ok);
  CHECK(result.problem ==
        "sha256 differs: expected " + request.sha256 + ", got " + datamill::support::sha256_hex(kBody));
  CHECK(f.left_nothing());
}

TEST_CASE("what the server answers wrongly is a problem", "[net][proc]") {
  Fixture f;
  CHECK(f.downloader->fetch(f.request("/missing")).problem == "HTTP 404");
  CHECK(f.downloader->fetch(f.request("/away")).problem.find("ftp") != std::string::npos);
  const auto cut = f.downloader->fetch(f.request("/short"));
  CHECK_FALSE(cut.ok);
  CHECK(cut.problem.find("bytes remaining") != std::string::npos);
  CHECK(f.left_nothing());
}

TEST_CASE("a server that says nothing is given up", "[net][proc]") {
  Fixture f;
  const auto started = std::chrono::steady_clock::now();
  const auto result = f.downloader->fetch(f.request("/silent"));
  CHECK_FALSE(result.ok);
  CHECK(std::chrono::steady_clock::now() - started < 10s);
}

TEST_CASE("a stop ends a download", "[net][proc]") {
  Fixture f;
  std::stop_source source;
  auto request = f.request("/silent");
  request.stall_timeout = 60s;
  request.stop = source.get_token();
  std::thread later([&] {
    std::this_thread::sleep_for(100ms);
    source.request_stop();
  });
  const auto started = std::chrono::steady_clock::now();
  CHECK(f.downloader->fetch(request).problem == "cancelled");
  CHECK(std::chrono::steady_clock::now() - started < 5s);
  later.join();
}

TEST_CASE("no route and no name fail at once", "[net][proc]") {
  Fixture f;
  auto request = f.request("/file");
  request.url = "http://127.0.0.1:1/file";
  const auto refused = f.downloader->fetch(request);
  CHECK(refused.problem.find("127.0.0.1") != std::string::npos);
}

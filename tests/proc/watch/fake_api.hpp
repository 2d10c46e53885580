#pragma once

#include "datamill/support/node.hpp"
#include "support/socket_server.hpp"

#include <map>
#include <mutex>
#include <string>

namespace datamill::tests {

/// What a test's API server answers: empty lists and silent watches, but for what the test sets.
class FakeApi {
public:
  /// The answer to the next requests of a path (without its query; "GET watch" of a kind: "PATH?watch").
  void set(const std::string& path, SocketServer::Reply reply) {
    const std::scoped_lock lock(mutex_);
    replies_[path] = std::move(reply);
  }
  void forget(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    replies_.erase(path);
  }
  void set_list(const std::string& path, const std::string& items, const std::string& version = "10") {
    set(path, {.body = list(items, version)});
  }
  SocketServer::Reply answer(const std::string& request) {
    const std::scoped_lock lock(mutex_);
    const auto query = request.find('?');
    const bool watch = request.find("?watch=1") != std::string::npos;
    const auto found = replies_.find(request.substr(0, query) + (watch ? "?watch" : ""));
    if (found != replies_.end()) return found->second;
    if (watch) return {.stays = true};
    return {.body = list("", "10")};
  }

private:
  static std::string list(const std::string& items, const std::string& version) {
    return R"({"kind":"List","metadata":{"resourceVersion":")" + version + R"("},"items":[)" + items + "]}";
  }
  std::mutex mutex_{};
  std::map<std::string, SocketServer::Reply> replies_{};
};

/// One line of a watch.
inline std::string event(const std::string& type, const std::string& object) {
  return support::write_json(
             support::read_json(R"({"type":")" + type + R"(","object":)" + object + "}", "a test's event")) +
         "\n";
}

}  // namespace datamill::tests

#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace datamill::tests {

/// An HTTP server on a unix socket for one test. Answers end their connection, but for streams, which stay open for
/// push() and drop().
class SocketServer {
public:
  struct Reply {
    std::string status = "200 OK";
    std::string body{};
    std::string headers{};
    bool stays = false;   ///< a stream: `body` is its beginning
    bool silent = false;  ///< says nothing at all
  };
  using Answer = std::function<Reply(const std::string& path)>;

  SocketServer(std::string socket, Answer answer) : path_(std::move(socket)), answer_(std::move(answer)) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    (void)unlink(path_.c_str());
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener_, 64) != 0)
      throw std::runtime_error("no server on a socket");
    thread_ = std::thread([this] { serve(); });
  }
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;
  ~SocketServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
    drop("");
    (void)unlink(path_.c_str());
  }

  /// Sends a piece to all open streams whose path begins like this; how many there were.
  int push(const std::string& prefix, const std::string& text) {
    const std::scoped_lock lock(mutex_);
    int count = 0;
    for (const auto& [path, client] : open_) {
      if (!path.starts_with(prefix)) continue;
      send_all(client, chunk(text));
      ++count;
    }
    return count;
  }
  /// Ends open streams, in the middle of their answers.
  void drop(const std::string& prefix) {
    const std::scoped_lock lock(mutex_);
    for (auto at = open_.begin(); at != open_.end();) {
      const auto now = at++;
      if (!now->first.starts_with(prefix)) continue;
      close(now->second);
      open_.erase(now);
    }
  }
  [[nodiscard]] std::vector<std::string> requests(const std::string& prefix = {}) {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> found;
    for (const auto& path : requests_) {
      if (path.starts_with(prefix)) found.push_back(path);
    }
    return found;
  }
  /// Waits until so many requests came whose path begins like this and holds `part`.
  bool wait_for(const std::string& prefix, std::size_t count, const std::string& part = {}) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] {
      std::size_t found = 0;
      for (const auto& path : requests_) {
        if (path.starts_with(prefix) && path.find(part) != std::string::npos) ++found;
      }
      return found >= count;
    });
  }

private:
  static std::string chunk(const std::string& text) {
    std::array<char, 32> size{};
    const auto length = std::snprintf(size.data(), size.size(), "%zx\r\n", text.size());
    return std::string(size.data(), static_cast<std::size_t>(length)) + text + "\r\n";
  }
  static void send_all(int client, std::string_view text) {
    while (!text.empty()) {
      const ssize_t now = send(client, text.data(), text.size(), MSG_NOSIGNAL);
      if (now <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(now));
    }
  }
  void serve() {
    while (true) {
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      std::array<char, 8192> buffer{};
      const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
      const std::string request(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
      const auto start = request.find(' ') + 1;
      const auto path = request.substr(start, request.find(' ', start) - start);
      const auto reply = answer_(path);
      const std::scoped_lock lock(mutex_);
      respond(client, path, reply);
      requests_.push_back(path);
      changed_.notify_all();
    }
  }
  void respond(int client, const std::string& path, const Reply& reply) {
    const auto head = "HTTP/1.1 " + reply.status + "\r\n" + reply.headers;
    if (reply.stays) {
      send_all(client, head + "Transfer-Encoding: chunked\r\n\r\n" + (reply.body.empty() ? "" : chunk(reply.body)));
    } else if (!reply.silent) {
      send_all(client, head + "Content-Length: " + std::to_string(reply.body.size()) + "\r\nConnection: close\r\n\r\n" +
                           reply.body);
    }
    if (reply.stays || reply.silent)
      open_.emplace(path, client);
    else
      close(client);
  }

  std::string path_;
  Answer answer_;
  int listener_ = -1;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::multimap<std::string, int> open_{};
  std::vector<std::string> requests_{};
  std::thread thread_{};
};

}  // namespace datamill::tests

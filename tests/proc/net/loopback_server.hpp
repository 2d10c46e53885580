#pragma once

#include <functional>
#include <string>
#include <thread>

namespace datamill::tests {

/// An HTTP server for one test: answers every request for `path` with whatever the function returns (a whole
/// response, head and body; "" = keep the connection open and say nothing).
class LoopbackServer {
public:
  using Answer = std::function<std::string(const std::string& path)>;
  explicit LoopbackServer(Answer answer);
  /// With the whole head of the request, for headers.
  using AnswerToHead = std::function<std::string(const std::string& path, const std::string& head)>;
  explicit LoopbackServer(AnswerToHead answer);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /// "http://127.0.0.1:PORT" + path
  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] static std::string response(const std::string& status, const std::string& body,
                                            const std::string& headers = {});

private:
  void serve();

  AnswerToHead answer_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_{};
};

}  // namespace datamill::tests

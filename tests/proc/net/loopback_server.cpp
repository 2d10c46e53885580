#include "loopback_server.hpp"

#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace datamill::tests {

LoopbackServer::LoopbackServer(Answer answer)
    : LoopbackServer([answer = std::move(answer)](const std::string& path, const std::string& /*head*/) {
        return answer(path);
      }) {}

LoopbackServer::LoopbackServer(AnswerToHead answer) : answer_(std::move(answer)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, plain, size) != 0 || listen(listener_, 8) != 0 || getsockname(listener_, plain, &size) != 0)
    throw std::runtime_error("no loopback server");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void LoopbackServer::serve() {
  std::vector<int> silent;
  while (true) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) break;
    std::array<char, 4096> buffer{};
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    const std::string request(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    const auto start = request.find(' ') + 1;
    const std::string reply = answer_(request.substr(start, request.find(' ', start) - start), request);
    if (reply.empty()) {
      silent.push_back(client);
      continue;
    }
    for (std::size_t sent = 0; sent < reply.size();) {
      const ssize_t now = send(client, reply.data() + sent, reply.size() - sent, MSG_NOSIGNAL);
      if (now <= 0) break;
      sent += static_cast<std::size_t>(now);
    }
    close(client);
  }
  for (const int client : silent)
    close(client);
}

std::string LoopbackServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::string LoopbackServer::response(const std::string& status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
         headers + "\r\n" + body;
}

}  // namespace datamill::tests

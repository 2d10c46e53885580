#include "datamill/net/object_stream.hpp"

#include "datamill/support/text.hpp"
#include "net/curl_parts.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace datamill::net {

namespace {

using std::chrono::milliseconds;
using Clock = ObjectStreams::Clock;

constexpr std::size_t kRefusalBytes = 4096;
/// etcd takes objects of 1.5 MB; a line that has no end would eat the memory.
constexpr std::size_t kLongestLine = std::size_t{16} * 1024U * 1024U;

/// What the callbacks of one stream work on; it stays where it is while curl knows it.
struct Stream {
  StreamId id = 0;
  StreamRequest request{};
  StreamSink* sink = nullptr;
  std::optional<EasyHandle> handle{};
  std::string url{};
  std::string line{};  ///< without its end so far
  StreamEnd end{};
  Clock::time_point heard{};
  std::array<char, CURL_ERROR_SIZE> message{};
  bool cancelled = false;
};

bool take_lines(Stream& stream, std::string_view data) {
  for (auto newline = data.find('\n'); newline != std::string_view::npos; newline = data.find('\n')) {
    const auto piece = data.substr(0, newline);
    data.remove_prefix(newline + 1);
    if (stream.line.empty()) {
      if (!piece.empty()) stream.sink->on_data(stream.id, piece);
    } else {
      stream.line += piece;
      // It goes out of our hands first: a long line's memory is not kept for the short ones after it.
      const auto whole = std::exchange(stream.line, {});
      stream.sink->on_data(stream.id, whole);
    }
    if (stream.cancelled) return false;
  }
  if (stream.line.size() + data.size() > kLongestLine) return false;
  stream.line += data;
  return true;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& stream = *static_cast<Stream*>(user);
  const std::string_view piece(data, size * count);
  if (stream.cancelled) return 0;
  stream.heard = Clock::now();
  if (const long status = stream.handle->response_code(); status < 200 || status > 299) {
    stream.end.refusal += piece.substr(0, kRefusalBytes - std::min(kRefusalBytes, stream.end.refusal.size()));
    return piece.size();
  }
  if (stream.request.lines) return take_lines(stream, piece) ? piece.size() : 0;
  stream.sink->on_data(stream.id, piece);
  return stream.cancelled ? 0 : piece.size();
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& stream = *static_cast<Stream*>(user);
  constexpr std::string_view kName = "retry-after:";
  const std::string_view header(data, size * count);
  stream.heard = Clock::now();
  const auto same = [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); };
  if (header.size() > kName.size() && std::equal(kName.begin(), kName.end(), header.begin(), same)) {
    const auto value = support::trim(header.substr(kName.size()));
    int seconds = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (read.ec == std::errc{} && seconds > 0) stream.end.retry_after = std::chrono::seconds(std::min(seconds, 60));
  }
  return header.size();
}

void set_up(Stream& stream, const std::string& socket) {
  auto& handle = *stream.handle;
  (void)handle.set(CURLOPT_URL, stream.url.c_str());
  (void)handle.set(CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  (void)handle.set(CURLOPT_PROXY, "");  // the socket is on this machine, whatever $http_proxy says
  (void)handle.set(CURLOPT_PATH_AS_IS, 1L);
  (void)handle.set(CURLOPT_PROTOCOLS_STR, "http");
  (void)handle.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  (void)handle.set(CURLOPT_NOSIGNAL, 1L);
  (void)handle.set(CURLOPT_USERAGENT, "datamill");
  (void)handle.set(CURLOPT_ERRORBUFFER, stream.message.data());
  (void)handle.set(CURLOPT_WRITEFUNCTION, &on_body);
  (void)handle.set(CURLOPT_WRITEDATA, &stream);
  (void)handle.set(CURLOPT_HEADERFUNCTION, &on_header);
  (void)handle.set(CURLOPT_HEADERDATA, &stream);
  (void)handle.set(CURLOPT_PRIVATE, &stream);
}

}  // namespace

struct ObjectStreams::Parts {
  std::string socket{};
  StreamSink& sink;
  LoadedCurl curl{};
  CURLM* multi = nullptr;
  StreamId last = 0;
  std::map<StreamId, std::unique_ptr<Stream>> streams{};
  std::vector<Stream*> added{};                               ///< not yet known to curl
  std::vector<std::pair<StreamId, StreamEnd>> ended_early{};  ///< could not even start

  void start(Stream& stream) const {
    stream.heard = Clock::now();
    if (curl.library->multi_add_handle(multi, stream.handle->get()) != CURLM_OK) stream.cancelled = true;
  }
  void drop(std::map<StreamId, std::unique_ptr<Stream>>::iterator at) {
    (void)curl.library->multi_remove_handle(multi, at->second->handle->get());
    streams.erase(at);
  }
  void finish(StreamId id, const StreamEnd& end) {
    if (const auto at = streams.find(id); at != streams.end()) {
      const bool told = !at->second->cancelled;
      drop(at);
      if (told) sink.on_end(id, end);
    }
  }
  void follow_up() {
    for (auto* stream : std::exchange(added, {}))
      start(*stream);
    for (auto at = streams.begin(); at != streams.end();) {
      const auto now = at++;
      if (now->second->cancelled) drop(now);
    }
    for (auto& [id, end] : std::exchange(ended_early, {}))
      sink.on_end(id, end);
  }
  void collect() {
    std::vector<std::pair<Stream*, CURLcode>> done;
    int left = 0;
    while (const CURLMsg* message = curl.library->multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      for (const auto& [id, stream] : streams) {
        if (stream->handle->get() == message->easy_handle) done.emplace_back(stream.get(), message->data.result);
      }
    }
    for (auto& [stream, code] : done) {
      auto end = std::move(stream->end);
      end.status = stream->handle->response_code();
      if (code != CURLE_OK) {
        end.problem = stream->message.front() != '\0' ? stream->message.data() : curl.library->easy_strerror(code);
      }
      finish(stream->id, end);
    }
  }
  void end_silent() {
    std::vector<StreamId> silent;
    for (const auto& [id, stream] : streams) {
      const auto limit = stream->request.silence;
      if (limit.count() > 0 && Clock::now() - stream->heard >= limit) silent.push_back(id);
    }
    for (const auto id : silent)
      finish(id, {.problem = "nothing arrived any more"});
  }
  [[nodiscard]] Clock::time_point earliest(Clock::time_point deadline) const {
    for (const auto& [id, stream] : streams) {
      if (stream->request.silence.count() > 0) deadline = std::min(deadline, stream->heard + stream->request.silence);
    }
    return deadline;
  }
};

ObjectStreams::ObjectStreams(std::string socket, StreamSink& sink)
    : parts_(new Parts{.socket = std::move(socket), .sink = sink, .curl = load_curl()}) {
  if (parts_->curl.library) parts_->multi = parts_->curl.library->multi_init();
  if (parts_->multi == nullptr && parts_->curl.problem.empty()) parts_->curl.problem = "libcurl does not initialise";
}

ObjectStreams::~ObjectStreams() {
  if (parts_->multi == nullptr) return;
  for (auto at = parts_->streams.begin(); at != parts_->streams.end();) {
    const auto now = at++;
    parts_->drop(now);
  }
  (void)parts_->curl.library->multi_cleanup(parts_->multi);
}

const std::string& ObjectStreams::problem() const {
  return parts_->curl.problem;
}

StreamId ObjectStreams::open(StreamRequest request) {
  auto& parts = *parts_;
  const auto id = ++parts.last;
  if (parts.multi == nullptr) {
    parts.ended_early.emplace_back(id, StreamEnd{.problem = parts.curl.problem});
    return id;
  }
  auto stream = std::make_unique<Stream>();
  stream->id = id;
  stream->url = "http://localhost" + request.path;
  stream->request = std::move(request);
  stream->sink = &parts.sink;
  stream->handle.emplace(*parts.curl.library);
  if (!stream->handle->ok()) {
    parts.ended_early.emplace_back(id, StreamEnd{.problem = "no memory"});
    return id;
  }
  set_up(*stream, parts.socket);
  parts.added.push_back(stream.get());
  parts.streams.emplace(id, std::move(stream));
  return id;
}

void ObjectStreams::cancel(StreamId stream) {
  if (const auto at = parts_->streams.find(stream); at != parts_->streams.end()) at->second->cancelled = true;
}

void ObjectStreams::turn(Clock::time_point deadline) {
  auto& parts = *parts_;
  parts.follow_up();
  if (parts.multi == nullptr) return;
  const auto until = parts.added.empty() ? parts.earliest(deadline) : Clock::now();
  const auto wait = std::chrono::ceil<milliseconds>(until - Clock::now());
  const auto limited = std::clamp(wait, milliseconds(0), milliseconds(std::chrono::hours(1)));
  (void)parts.curl.library->multi_poll(parts.multi, nullptr, 0, static_cast<int>(limited.count()), nullptr);
  int running = 0;
  (void)parts.curl.library->multi_perform(parts.multi, &running);
  parts.collect();
  parts.end_silent();
}

void ObjectStreams::wake() {
  if (parts_->multi != nullptr) (void)parts_->curl.library->multi_wakeup(parts_->multi);
}

}  // namespace datamill::net

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace datamill::net {

using StreamId = std::uint64_t;

/// One GET over the socket of a local proxy.
struct StreamRequest {
  std::string path{};                   ///< with its query, percent-encoded: "/api/v1/pods?watch=1"
  bool lines = false;                   ///< data comes as whole lines without their ends, else as it arrives
  std::chrono::milliseconds silence{};  ///< ends where nothing arrived for so long; 0: waits for ever
};

/// How a stream ended.
struct StreamEnd {
  long status = 0;                     ///< of HTTP; 0 where no answer came
  std::string problem{};               ///< "" where the answer came whole: "Couldn't connect to server"
  std::string refusal{};               ///< what an answer other than 2xx said, its first 4 KiB
  std::chrono::seconds retry_after{};  ///< what such an answer asked for (HTTP: Retry-After); 0: nothing
};

/// Gets what arrives, called only inside ObjectStreams::turn(). It may open and cancel streams; it must not throw.
class StreamSink {
public:
  virtual ~StreamSink() = default;
  /// Data of an answer with a status 2xx. `data` is valid during the call.
  virtual void on_data(StreamId stream, std::string_view data) = 0;
  virtual void on_end(StreamId stream, const StreamEnd& end) = 0;
};

/// Many concurrent GETs over one unix socket, in the thread that calls turn(). Sleeps in the kernel while nothing
/// arrives: no timer runs for an open stream but the one for its silence.
class ObjectStreams {
public:
  using Clock = std::chrono::steady_clock;

  /// Loads libcurl (problem() says why it is missing; every stream ends with that).
  ObjectStreams(std::string socket, StreamSink& sink);
  ObjectStreams(const ObjectStreams&) = delete;
  ObjectStreams& operator=(const ObjectStreams&) = delete;
  ~ObjectStreams();

  [[nodiscard]] const std::string& problem() const;
  [[nodiscard]] StreamId open(StreamRequest request);
  /// Closes a stream's connection; the sink hears no more of it. An unknown one is fine.
  void cancel(StreamId stream);
  /// Waits until something arrived, wake() was called or the deadline came, and hands on what arrived.
  void turn(Clock::time_point deadline);
  /// Ends the wait of the present turn() or, where none is in progress, of the next one. From any thread.
  void wake();

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace datamill::net

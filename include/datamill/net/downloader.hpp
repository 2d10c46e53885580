#pragma once

#include "datamill/support/environment.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

namespace datamill::net {

/// How far a download is; written by the downloader's thread, read by any other.
struct DownloadProgress {
  std::atomic<std::int64_t> received{0};  ///< bytes
  std::atomic<std::int64_t> total{0};     ///< bytes; 0: not known (yet)
};

struct DownloadRequest {
  std::string url{};          ///< https only (http for loopback addresses)
  std::string destination{};  ///< written under a temporary name beside it, renamed when the checksum is right
  std::string sha256{};       ///< required; lower-case hexadecimal
  std::chrono::seconds connect_timeout{5};
  std::chrono::seconds stall_timeout{30};  ///< less than one byte per second for so long
  std::stop_token stop{};                  ///< ends the download within a second
  DownloadProgress* progress = nullptr;    ///< optional; must outlive the call
};

struct DownloadResult {
  bool ok = false;
  std::string problem{};  ///< "Could not resolve host: dl.k8s.io", "HTTP 404", "sha256 differs: ..."
};

/// Port: fetches one file. Blocking; safe to call from several threads.
class Downloader {
public:
  virtual ~Downloader() = default;
  [[nodiscard]] virtual DownloadResult fetch(const DownloadRequest& request) = 0;
};

/// The real one. Loads libcurl at the first fetch (linked, it would cost every start of the program several
/// milliseconds); where it cannot be loaded every fetch fails with that as its problem. Proxies come from the
/// environment as libcurl reads them (https_proxy, no_proxy, ...), a CA file from CURL_CA_BUNDLE or SSL_CERT_FILE.
[[nodiscard]] std::unique_ptr<Downloader> make_curl_downloader(const support::Environment& environment);

}  // namespace datamill::net

#include "net/curl_parts.hpp"
#include "net/part_file.hpp"
#include "net/url.hpp"

#include "datamill/net/downloader.hpp"

#include <fmt/format.h>

#include <array>
#include <mutex>

namespace datamill::net {

namespace {

constexpr long kMaxRedirects = 5;

struct Transfer {
  const DownloadRequest& request;
  PartFile& file;
};

std::size_t on_data(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  return transfer.file.append({data, bytes}) ? bytes : 0;
}

int on_progress(void* user, curl_off_t total, curl_off_t received, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.request.progress != nullptr) {
    transfer.request.progress->received = received;
    transfer.request.progress->total = total;
  }
  return transfer.request.stop.stop_requested() ? 1 : 0;
}

class CurlDownloader final : public Downloader {
public:
  explicit CurlDownloader(const support::Environment& environment) : ca_file_(ca_file_of(environment)) {}

  [[nodiscard]] DownloadResult fetch(const DownloadRequest& request) override {
    if (std::string problem = url_problem(request.url); !problem.empty()) return {.problem = std::move(problem)};
    if (request.sha256.size() != 64) return {.problem = "no sha256 is pinned"};
    const CurlLibrary* curl = library();
    if (curl == nullptr) return {.problem = loaded_.problem};
    EasyHandle handle(*curl);
    if (!handle.ok()) return {.problem = "libcurl does not give a handle"};
    PartFile file(request.destination);
    if (!file.problem().empty()) return {.problem = file.problem()};
    Transfer transfer{.request = request, .file = file};
    std::array<char, CURL_ERROR_SIZE> message{};
    set_options(handle, transfer, message.data());
    const CURLcode code = handle.perform();
    if (code == CURLE_OK) return check_and_commit(file, request);
    return explain(*curl, handle, code, transfer, message.data());
  }

private:
  const CurlLibrary* library() {
    std::call_once(once_, [this] { loaded_ = load_curl(); });
    return loaded_.library.get();
  }

  void set_options(EasyHandle& handle, Transfer& transfer, char* message) const {
    const DownloadRequest& request = transfer.request;
    handle.set(CURLOPT_URL, request.url.c_str());
    handle.set(CURLOPT_ERRORBUFFER, message);
    handle.set(CURLOPT_USERAGENT, "datamill");
    handle.set(CURLOPT_FAILONERROR, 1L);
    handle.set(CURLOPT_NOSIGNAL, 1L);
    // A silent nameserver would hold a failed handle for 10 s more: its resolver thread is left behind instead.
    handle.set(CURLOPT_QUICK_EXIT, 1L);
    handle.set(CURLOPT_CONNECTTIMEOUT, long{request.connect_timeout.count()});
    handle.set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    handle.set(CURLOPT_LOW_SPEED_TIME, long{request.stall_timeout.count()});
    const char* protocols = is_https(request.url) ? "https" : "http,https";
    const bool confined =
        handle.set(CURLOPT_PROTOCOLS_STR, protocols) && handle.set(CURLOPT_REDIR_PROTOCOLS_STR, protocols);
    handle.set(CURLOPT_FOLLOWLOCATION, confined ? 1L : 0L);
    handle.set(CURLOPT_MAXREDIRS, kMaxRedirects);
    handle.set(CURLOPT_WRITEFUNCTION, &on_data);
    handle.set(CURLOPT_WRITEDATA, &transfer);
    handle.set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    handle.set(CURLOPT_XFERINFODATA, &transfer);
    handle.set(CURLOPT_NOPROGRESS, 0L);
    if (!ca_file_.empty()) handle.set(CURLOPT_CAINFO, ca_file_.c_str());
  }

  static DownloadResult check_and_commit(PartFile& file, const DownloadRequest& request) {
    const std::string actual = file.sha256();
    if (actual != request.sha256)
      return {.problem = fmt::format("sha256 differs: expected {}, got {}", request.sha256, actual)};
    if (!file.commit()) return {.problem = file.problem()};
    return {.ok = true};
  }

  static DownloadResult explain(const CurlLibrary& curl, EasyHandle& handle, CURLcode code, const Transfer& transfer,
                                const char* message) {
    if (code == CURLE_ABORTED_BY_CALLBACK) return {.problem = "cancelled"};
    if (!transfer.file.problem().empty()) return {.problem = transfer.file.problem()};
    if (code == CURLE_HTTP_RETURNED_ERROR) return {.problem = fmt::format("HTTP {}", handle.response_code())};
    return {.problem = *message != '\0' ? message : curl.easy_strerror(code)};
  }

  std::string ca_file_;
  std::once_flag once_{};
  LoadedCurl loaded_{};
};

}  // namespace

std::unique_ptr<Downloader> make_curl_downloader(const support::Environment& environment) {
  return std::make_unique<CurlDownloader>(environment);
}

}  // namespace datamill::net

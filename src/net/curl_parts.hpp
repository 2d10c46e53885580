#pragma once

#include "datamill/support/environment.hpp"
#include "net/curl_library.hpp"

#include <memory>
#include <string>

namespace datamill::net {

/// The file of certificates that the environment names, "" for libcurl's own.
[[nodiscard]] inline std::string ca_file_of(const support::Environment& environment) {
  return environment.has("CURL_CA_BUNDLE") ? environment.get("CURL_CA_BUNDLE") : environment.get("SSL_CERT_FILE");
}

/// One handle of curl's, freed at the end.
class EasyHandle {
public:
  explicit EasyHandle(const CurlLibrary& curl) : curl_(curl), handle_(curl.easy_init(), curl.easy_cleanup) {}
  [[nodiscard]] bool ok() const { return handle_ != nullptr; }
  [[nodiscard]] CURL* get() const { return handle_.get(); }
  template <class T>
  bool set(CURLoption option, T value) {
    return curl_.easy_setopt(handle_.get(), option, value) == CURLE_OK;
  }
  [[nodiscard]] CURLcode perform() { return curl_.easy_perform(handle_.get()); }
  [[nodiscard]] long response_code() {
    long code = 0;
    const CURLcode known = curl_.easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
    return known == CURLE_OK ? code : 0;
  }

private:
  const CurlLibrary& curl_;
  std::unique_ptr<CURL, void (*)(CURL*)> handle_;
};

/// A list of curl's, freed at the end.
class StringList {
public:
  explicit StringList(const CurlLibrary& curl) : curl_(curl) {}
  StringList(const StringList&) = delete;
  StringList& operator=(const StringList&) = delete;
  ~StringList() {
    if (list_ != nullptr) curl_.slist_free_all(list_);
  }
  void add(const std::string& text) {
    if (auto* longer = curl_.slist_append(list_, text.c_str()); longer != nullptr) list_ = longer;
  }
  [[nodiscard]] curl_slist* get() const { return list_; }

private:
  const CurlLibrary& curl_;
  curl_slist* list_ = nullptr;
};

}  // namespace datamill::net

#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace datamill::net {

/// libcurl, loaded at run time: linked, it would cost every start of the program about 4 ms and 8 MB (34 libraries).
/// Only its C functions are used, by pointer.
struct CurlLibrary {
  using Setopt = CURLcode (*)(CURL*, CURLoption, ...);
  using Getinfo = CURLcode (*)(CURL*, CURLINFO, ...);

  CURL* (*easy_init)() = nullptr;
  void (*easy_cleanup)(CURL*) = nullptr;
  CURLcode (*easy_perform)(CURL*) = nullptr;
  Setopt easy_setopt = nullptr;
  Getinfo easy_getinfo = nullptr;
  void (*easy_reset)(CURL*) = nullptr;
  const char* (*easy_strerror)(CURLcode) = nullptr;
  curl_slist* (*slist_append)(curl_slist*, const char*) = nullptr;
  void (*slist_free_all)(curl_slist*) = nullptr;
  CURLM* (*multi_init)() = nullptr;
  CURLMcode (*multi_cleanup)(CURLM*) = nullptr;
  CURLMcode (*multi_add_handle)(CURLM*, CURL*) = nullptr;
  CURLMcode (*multi_remove_handle)(CURLM*, CURL*) = nullptr;
  CURLMcode (*multi_perform)(CURLM*, int*) = nullptr;
  CURLMcode (*multi_poll)(CURLM*, curl_waitfd*, unsigned, int, int*) = nullptr;
  CURLMcode (*multi_wakeup)(CURLM*) = nullptr;
  CURLMsg* (*multi_info_read)(CURLM*, int*) = nullptr;
};

struct LoadedCurl {
  std::unique_ptr<const CurlLibrary> library{};
  std::string problem{};  ///< where it is missing: "libcurl.so.4: cannot open shared object file ..."
};

/// Loads and initialises the library; it stays loaded until the process ends (its threads and TLS library do not
/// survive unloading).
[[nodiscard]] LoadedCurl load_curl();

}  // namespace datamill::net

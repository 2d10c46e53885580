#include "net/curl_library.hpp"

#include <array>
#include <dlfcn.h>

namespace datamill::net {

namespace {

// Debian's names of the OpenSSL and the GnuTLS build; macOS ships the last one.
constexpr std::array kNames{"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"};

template <class F>
bool resolve(void* handle, const char* name, F& function) {
  function = reinterpret_cast<F>(dlsym(handle, name));
  return function != nullptr;
}

std::string last_error() {
  const char* text = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
  return text == nullptr ? "unknown error" : text;
}

}  // namespace

LoadedCurl load_curl() {
  std::string problem;
  for (const char* name : kNames) {
    void* handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      if (problem.empty()) problem = last_error();
      continue;
    }
    auto library = std::make_unique<CurlLibrary>();
    CURLcode (*global_init)(long) = nullptr;
    const bool complete = resolve(handle, "curl_global_init", global_init) &&
                          resolve(handle, "curl_easy_init", library->easy_init) &&
                          resolve(handle, "curl_easy_cleanup", library->easy_cleanup) &&
                          resolve(handle, "curl_easy_perform", library->easy_perform) &&
                          resolve(handle, "curl_easy_setopt", library->easy_setopt) &&
                          resolve(handle, "curl_easy_getinfo", library->easy_getinfo) &&
                          resolve(handle, "curl_easy_reset", library->easy_reset) &&
                          resolve(handle, "curl_easy_strerror", library->easy_strerror) &&
                          resolve(handle, "curl_slist_append", library->slist_append) &&
                          resolve(handle, "curl_slist_free_all", library->slist_free_all) &&
                          resolve(handle, "curl_multi_init", library->multi_init) &&
                          resolve(handle, "curl_multi_cleanup", library->multi_cleanup) &&
                          resolve(handle, "curl_multi_add_handle", library->multi_add_handle) &&
                          resolve(handle, "curl_multi_remove_handle", library->multi_remove_handle) &&
                          resolve(handle, "curl_multi_perform", library->multi_perform) &&
                          resolve(handle, "curl_multi_poll", library->multi_poll) &&
                          resolve(handle, "curl_multi_wakeup", library->multi_wakeup) &&
                          resolve(handle, "curl_multi_info_read", library->multi_info_read);
    if (!complete) return {.problem = last_error()};
    if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return {.problem = "libcurl does not initialise"};
    return {.library = std::move(library)};
  }
  return {.problem = std::move(problem)};
}

}  // namespace datamill::net

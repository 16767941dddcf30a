#pragma once
// Drives libcurl by events: what has happened is told to it, so that a turn costs what happened, not the number of open
// requests.
#include <curl/curl.h>

#include "film/base/file_descriptor.h"

namespace film::endpoint {

class CurlEvents {
 public:
  CurlEvents();
  CurlEvents(const CurlEvents&) = delete;  // libcurl knows its address
  CurlEvents& operator=(const CurlEvents&) = delete;

  // Must outlive `multi`, which it is told of before any request is added.
  void watch(CURLM* multi);
  // Lets libcurl do what is due now: begin what was added, end what took too long.
  void run_due();
  // Waits until something happens on a connection or something is due, at most `seconds`, and lets libcurl act on it.
  void wait(double seconds);

 private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM*, long milliseconds, void* self);

  CURLM* multi_ = nullptr;
  FileDescriptor poll_;
  double due_ = -1;  // when libcurl wants to be called; -1: not for time
};

}  // namespace film::endpoint

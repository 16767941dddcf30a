#pragma once
// One libcurl easy handle, used again and again, and what its current attempt has received.
#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>

#include "transport.h"

namespace film::endpoint {

class CurlSlot {
 public:
  CurlSlot(std::size_t index, std::size_t most_bytes);
  CurlSlot(const CurlSlot&) = delete;
  CurlSlot& operator=(const CurlSlot&) = delete;

  CURL* handle() const { return easy_.get(); }
  std::size_t index() const { return index_; }
  void begin(HttpRequest request, double now);
  void end() { busy_ = false; }
  bool busy() const { return busy_; }
  bool sent() const { return sends_ > 0; }
  bool answering() const { return received_ > 0; }
  double last_sign() const { return last_sign_; }  // of life: the start, or the last bytes
  // The outcome of the attempt, once libcurl says that it is done.
  HttpReply reply(CURLcode code);

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static int on_send(void* self, char*, char*, int, int);
  bool has_body() const;
  void set_method();
  void set_headers();
  void read_header(std::string_view line);
  TransportError error_of(CURLcode code, long connect_status) const;

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_sent_;
  std::size_t index_, most_bytes_;
  HttpRequest request_;  // libcurl reads the body from here
  std::string body_;
  ReplyHeaders headers_;
  char error_text_[CURL_ERROR_SIZE] = {};
  bool busy_ = false, too_big_ = false;
  int sends_ = 0;
  std::size_t received_ = 0;
  double last_sign_ = 0;
};

}  // namespace film::endpoint

#pragma once
// One libcurl easy handle, used again and again, and what its current attempt has received.
#include <curl/curl.h>

#include <cstddef>
#include <string>

#include "transport.h"

namespace film::endpoint {

class CurlSlot {
 public:
  CurlSlot(std::size_t index, std::size_t most_bytes);
  ~CurlSlot();
  CurlSlot(const CurlSlot&) = delete;
  CurlSlot& operator=(const CurlSlot&) = delete;

  CURL* handle() const { return easy_; }
  std::size_t index() const { return index_; }
  void begin(const std::string& body, double now);
  void end() { busy_ = false; }
  bool busy() const { return busy_; }
  bool sent() const { return sends_ > 0; }
  bool answering() const { return received_ > 0; }
  double last_sign() const { return last_sign_; }  // of life: start, or the last bytes
  // What the attempt came to, once libcurl says that it is done.
  HttpReply reply(CURLcode code);

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static int on_send(void* self, char*, char*, int, int);
  void read_header(std::string_view line);
  Break broke(CURLcode code, long connect_status) const;

  CURL* easy_;
  std::size_t index_, most_bytes_;
  std::string sending_, body_;
  ReplyHeaders headers_;
  char error_[CURL_ERROR_SIZE] = {};
  bool busy_ = false, too_big_ = false;
  int sends_ = 0;
  std::size_t received_ = 0;
  double last_sign_ = 0;
};

}  // namespace film::endpoint

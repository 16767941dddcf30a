#include "curl_slot.h"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "film/base/error.h"

namespace film::endpoint {
namespace {

constexpr std::size_t kLongestHeader = 1024;  // bytes of a value that are kept

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool wanted(std::string_view name) {
  return name == "retry-after" || name == "retry-after-ms" || name == "x-should-retry" || name == "date" ||
         name == "location" || name.starts_with("x-ratelimit-");
}

}  // namespace

CurlSlot::CurlSlot(std::size_t index, std::size_t most_bytes)
    : easy_(curl_easy_init()), index_(index), most_bytes_(most_bytes) {
  if (easy_ == nullptr) throw os_error("libcurl cannot start a request");
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, on_send);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
}

CurlSlot::~CurlSlot() { curl_easy_cleanup(easy_); }

void CurlSlot::begin(const std::string& body, double now) {
  sending_ = body;
  body_.clear();
  headers_.clear();
  error_[0] = '\0';
  too_big_ = false;
  sends_ = 0;
  received_ = 0;
  last_sign_ = now;
  busy_ = true;
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, sending_.data());
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(sending_.size()));
}

// Called just before a request leaves. When a kept connection turns out dead, libcurl quietly sends the
// request a second time: that would be a repeat which nobody counts, so it is refused and our own retry layer
// decides.
int CurlSlot::on_send(void* self, char*, char*, int, int) {
  return ++static_cast<CurlSlot*>(self)->sends_ > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t CurlSlot::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& slot = *static_cast<CurlSlot*>(self);
  const std::size_t bytes = size * count;
  slot.last_sign_ = steady_seconds();
  slot.received_ += bytes;
  // Counted after decompression: a small reply may unfold into a large one.
  slot.too_big_ = slot.body_.size() + bytes > slot.most_bytes_;
  if (slot.too_big_) return 0;
  slot.body_.append(data, bytes);
  return bytes;
}

std::size_t CurlSlot::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& slot = *static_cast<CurlSlot*>(self);
  slot.last_sign_ = steady_seconds();
  slot.received_ += size * count;
  slot.read_header({data, size * count});
  return size * count;
}

void CurlSlot::read_header(std::string_view line) {
  if (line.starts_with("HTTP/")) headers_.clear();  // a new reply: after "100 Continue" or a proxy's own
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string name(line.substr(0, std::min<std::size_t>(colon, 64)));
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (!wanted(name)) return;
  std::string_view value = line.substr(colon + 1);
  const std::size_t begin = value.find_first_not_of(" \t"), end = value.find_last_not_of(" \t\r\n");
  if (begin == std::string_view::npos || end < begin || headers_.size() >= 64) return;
  headers_[name] = value.substr(begin, std::min(end - begin + 1, kLongestHeader));
}

Break CurlSlot::broke(CURLcode code, long connect_status) const {
  if (too_big_) return Break::too_big;
  switch (code) {
    case CURLE_OK:
      return Break::none;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Break::resolve;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return Break::proxy;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return Break::untrusted;
    case CURLE_OPERATION_TIMEDOUT:
      return sends_ > 0 ? Break::timeout : Break::connect;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
      return Break::not_http;
    default:
      break;
  }
  if (connect_status >= 400) return Break::proxy;
  return sends_ > 0 ? Break::reset : Break::connect;
}

HttpReply CurlSlot::reply(CURLcode code) {
  HttpReply reply;
  long status = 0, connect_status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  reply.broke = broke(code, connect_status);
  if (reply.broke != Break::none) reply.error = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  if (sends_ > 1) reply.error = "the server closed the connection without an answer";
  if (too_big_) reply.error = "the reply is longer than " + std::to_string(most_bytes_) + " bytes";
  reply.status = static_cast<int>(reply.broke == Break::proxy ? connect_status : status);
  reply.sent = sent();
  reply.headers = std::move(headers_);
  reply.body = std::move(body_);
  body_.clear();
  headers_.clear();
  return reply;
}

}  // namespace film::endpoint

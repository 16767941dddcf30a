#include "curl_slot.h"

#include <algorithm>

#include "film/base/clock.h"
#include "film/base/error.h"
#include "film/base/strings.h"

namespace film::endpoint {
namespace {

constexpr std::size_t kLongestName = 64, kLongestValue = 1024;  // bytes of a reply header that are kept
constexpr std::size_t kMostHeaders = 64;

bool wanted(std::string_view name) {
  return name == "retry-after" || name == "retry-after-ms" || name == "x-should-retry" || name == "date" ||
         name == "location" || name.starts_with("x-ratelimit-");
}

}  // namespace

CurlSlot::CurlSlot(std::size_t index, std::size_t most_bytes)
    : easy_(curl_easy_init(), curl_easy_cleanup),
      headers_sent_(nullptr, curl_slist_free_all),
      index_(index),
      most_bytes_(most_bytes) {
  if (!easy_) throw os_error("libcurl cannot start a request");
  curl_easy_setopt(handle(), CURLOPT_PRIVATE, this);
  curl_easy_setopt(handle(), CURLOPT_ERRORBUFFER, error_text_);
  curl_easy_setopt(handle(), CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle(), CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle(), CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle(), CURLOPT_HEADERDATA, this);
  curl_easy_setopt(handle(), CURLOPT_PREREQFUNCTION, on_send);
  curl_easy_setopt(handle(), CURLOPT_PREREQDATA, this);
}

void CurlSlot::begin(HttpRequest request, double now) {
  // The handle keeps what it was told: of most requests only the body is new.
  const bool told = !request_.url.empty() && request.url == request_.url &&
                    request.method == request_.method && request.headers == request_.headers &&
                    request.body.empty() == request_.body.empty();
  request_ = std::move(request);
  body_.clear();
  headers_.clear();
  error_text_[0] = '\0';
  too_big_ = false;
  sends_ = 0;
  received_ = 0;
  last_sign_ = now;
  busy_ = true;
  if (!told) {
    curl_easy_setopt(handle(), CURLOPT_URL, request_.url.c_str());
    set_method();
    set_headers();
  }
  if (!has_body()) return;
  curl_easy_setopt(handle(), CURLOPT_POSTFIELDS, request_.body.data());
  curl_easy_setopt(handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
}

bool CurlSlot::has_body() const {
  const std::string& method = request_.method;
  return !request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
}

void CurlSlot::set_method() {
  const std::string& method = request_.method;
  curl_easy_setopt(handle(), CURLOPT_NOBODY, method == "HEAD" ? 1L : 0L);  // 0 also forgets an earlier method
  if (has_body())
    curl_easy_setopt(handle(), CURLOPT_POST, 1L);
  else if (method != "HEAD")
    curl_easy_setopt(handle(), CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(handle(), CURLOPT_CUSTOMREQUEST, method.c_str());
}

void CurlSlot::set_headers() {
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_sent_.get(), line.c_str());
    if (longer == nullptr) throw os_error("out of memory");
    headers_sent_.release();
    headers_sent_.reset(longer);
  };
  headers_sent_.reset();
  add("Expect:");  // disable "Expect: 100-continue", which libcurl sends for large bodies
  for (const std::string& line : request_.headers) add(line);
  curl_easy_setopt(handle(), CURLOPT_HTTPHEADER, headers_sent_.get());
}

// Called just before a request leaves. When a kept connection turns out to be dead, libcurl silently sends the
// request a second time: that would be a retry which nobody counts, so it is refused and our own retry layer decides.
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
  const std::string name = to_lower_ascii(line.substr(0, std::min(colon, kLongestName)));
  const std::string_view value = trim(line.substr(colon + 1)).substr(0, kLongestValue);
  if (wanted(name) && !value.empty() && headers_.size() < kMostHeaders) headers_[name] = value;
}

TransportError CurlSlot::error_of(CURLcode code, long connect_status) const {
  if (too_big_) return TransportError::too_big;
  switch (code) {
    case CURLE_OK:
      return TransportError::none;
    case CURLE_COULDNT_RESOLVE_HOST:
      return TransportError::resolve;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return TransportError::proxy;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return TransportError::untrusted;
    case CURLE_OPERATION_TIMEDOUT:
      return sent() ? TransportError::timeout : TransportError::connect;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
      return TransportError::not_http;
    default:
      break;
  }
  if (connect_status >= 400) return TransportError::proxy;
  return sent() ? TransportError::reset : TransportError::connect;
}

HttpReply CurlSlot::reply(CURLcode code) {
  HttpReply reply;
  long status = 0, connect_status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle(), CURLINFO_HTTP_CONNECTCODE, &connect_status);
  reply.error = error_of(code, connect_status);
  if (reply.error != TransportError::none)
    reply.error_text = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
  if (sends_ > 1) reply.error_text = "the server closed the connection without an answer";
  if (too_big_) reply.error_text = "the reply is longer than " + std::to_string(most_bytes_) + " bytes";
  reply.status = static_cast<int>(reply.error == TransportError::proxy ? connect_status : status);
  reply.sent = sent();
  reply.headers = std::move(headers_);
  reply.body = std::move(body_);
  body_.clear();
  headers_.clear();
  return reply;
}

}  // namespace film::endpoint

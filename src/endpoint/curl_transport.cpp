#include "curl_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "curl_events.h"
#include "curl_slot.h"
#include "film/base/clock.h"
#include "film/base/error.h"
#include "server_settings.h"

namespace film::endpoint {
namespace {

constexpr double kLookAtTimeouts = 0.25;  // seconds between looks

// A loopback server is reached directly unless the settings name a proxy for it.
std::string hosts_without_proxy(const EndpointSettings& settings) {
  if (settings.proxy == "none") return "*";
  if (!settings.proxy.empty()) return "";
  std::string hosts = "localhost,127.0.0.1,::1";
  for (const char* name : {"no_proxy", "NO_PROXY"})
    if (const char* more = std::getenv(name)) return hosts + "," + more;
  return hosts;
}

CURLM* start_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return curl_multi_init();
}

class CurlTransport : public Transport {
 public:
  CurlTransport(const EndpointSettings& settings, std::size_t slots)
      : settings_(settings), multi_(start_libcurl(), curl_multi_cleanup), slots_(slots) {
    if (!multi_) throw os_error("libcurl cannot start");
    events_.watch(multi_.get());
    const auto most = static_cast<long>(slots);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, most);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
    curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  }

  ~CurlTransport() override { cancel_all(); }  // a handle leaves libcurl's list before it is freed

  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  double now() override { return steady_seconds(); }

  void start(std::size_t index, HttpRequest request) override {
    std::unique_ptr<CurlSlot>& slot = slots_.at(index);
    if (!slot) {
      slot = std::make_unique<CurlSlot>(index, static_cast<std::size_t>(settings_.max_response_bytes));
      configure(slot->handle());
    }
    slot->begin(std::move(request), now());
    if (const CURLMcode code = curl_multi_add_handle(multi_.get(), slot->handle()); code != CURLM_OK)
      throw internal_error(std::string("libcurl: ") + curl_multi_strerror(code));
  }

  std::vector<Finished> wait(double seconds) override {
    std::vector<Finished> finished;
    events_.run_due();
    collect(finished);
    if (!finished.empty()) return finished;
    events_.wait(std::clamp(seconds, 0.0, kLookAtTimeouts));
    collect(finished);
    expire(finished);
    return finished;
  }

  void cancel_all() override {
    for (const auto& slot : slots_)
      if (slot && slot->busy()) stop(*slot);
  }

 private:
  void configure(CURL* easy) {
    const auto milliseconds = [](double s) { return std::max(1L, static_cast<long>(s * 1000)); };
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");  // which of them: EndpointSettings::check
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));  // no key for a proxy
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "film");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(settings_.connect_timeout));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(settings_.total_timeout));
    if (!settings_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, settings_.ca_file.c_str());
    if (!settings_.proxy.empty() && settings_.proxy != "none")
      curl_easy_setopt(easy, CURLOPT_PROXY, settings_.proxy.c_str());
    curl_easy_setopt(easy, CURLOPT_NOPROXY, hosts_without_proxy(settings_).c_str());
  }

  void stop(CurlSlot& slot) {
    curl_multi_remove_handle(multi_.get(), slot.handle());
    slot.end();
  }

  void deliver(CurlSlot& slot, HttpReply reply, std::vector<Finished>& finished) {
    stop(slot);
    finished.push_back({slot.index(), std::move(reply)});
  }

  void collect(std::vector<Finished>& finished) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CurlSlot* slot = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
      deliver(*slot, slot->reply(message->data.result), finished);
    }
  }

  // libcurl's own low-speed limit also counts the time before the first byte, which may be long here.
  void expire(std::vector<Finished>& finished) {
    const double time = now();
    if (time < look_again_) return;
    look_again_ = time + kLookAtTimeouts;
    for (const auto& slot : slots_) {
      if (!slot || !slot->busy()) continue;
      const double limit = slot->answering() ? settings_.stall_timeout : settings_.answer_timeout;
      if (time - slot->last_sign() <= limit) continue;
      HttpReply reply;
      reply.error = TransportError::timeout;
      reply.sent = slot->sent();
      reply.error_text = slot->answering() ? "the reply stalled" : "no answer in time";
      deliver(*slot, std::move(reply), finished);
    }
  }

  EndpointSettings settings_;
  CurlEvents events_;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
  std::vector<std::unique_ptr<CurlSlot>> slots_;  // made when first used
  double look_again_ = 0;                         // at timeouts
};

}  // namespace

std::unique_ptr<Transport> make_curl_transport(const EndpointSettings& settings) {
  return std::make_unique<CurlTransport>(settings, total_in_flight(settings));
}

}  // namespace film::endpoint

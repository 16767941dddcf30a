#include "curl_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <mutex>

#include "curl_slot.h"
#include "film/base/error.h"

namespace film::endpoint {
namespace {

constexpr double kLookAtTimeouts = 0.25;  // seconds between looks

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A loopback server is reached directly unless the settings name a proxy for it.
std::string hosts_without_proxy(const EndpointSettings& settings) {
  if (settings.proxy == "none") return "*";
  if (!settings.proxy.empty()) return "";
  std::string hosts = "localhost,127.0.0.1,::1";
  for (const char* name : {"no_proxy", "NO_PROXY"})
    if (const char* more = std::getenv(name)) return hosts + "," + more;
  return hosts;
}

class CurlTransport : public Transport {
 public:
  CurlTransport(const EndpointSettings& settings, ApiKey key)
      : settings_(settings), url_(settings.chat_url()), key_(std::move(key)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw os_error("libcurl cannot start");
    const auto most = static_cast<long>(settings_.max_in_flight);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, most);
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    make_headers();
    slots_.resize(static_cast<std::size_t>(settings_.max_in_flight));
  }

  ~CurlTransport() override {
    cancel_all();
    slots_.clear();
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }

  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  double now() override { return steady_seconds(); }

  void start(std::size_t index, const std::string& body) override {
    std::unique_ptr<CurlSlot>& slot = slots_.at(index);
    if (!slot) {
      slot = std::make_unique<CurlSlot>(index, static_cast<std::size_t>(settings_.max_response_bytes));
      configure(slot->handle());
    }
    slot->begin(body, now());
    if (const CURLMcode code = curl_multi_add_handle(multi_, slot->handle()); code != CURLM_OK)
      throw internal_error(std::string("libcurl: ") + curl_multi_strerror(code));
  }

  std::vector<Finished> wait(double seconds) override {
    std::vector<Finished> finished;
    int running = 0;
    curl_multi_perform(multi_, &running);
    collect(finished);
    if (!finished.empty()) return finished;
    const double patience = std::clamp(seconds, 0.0, kLookAtTimeouts);
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(patience * 1000 + 0.999), nullptr);
    curl_multi_perform(multi_, &running);
    collect(finished);
    expire(finished);
    return finished;
  }

  void cancel_all() override {
    for (const auto& slot : slots_)
      if (slot && slot->busy()) stop(*slot);
  }

 private:
  void make_headers() {
    add_header("Content-Type: application/json");
    add_header("Accept: application/json");
    add_header("Expect:");  // libcurl would ask for leave before bodies over a megabyte
    if (!key_.empty()) add_header(key_.header(settings_.api_style));
  }

  void add_header(const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_, line.c_str());
    if (longer == nullptr) throw os_error("out of memory");
    headers_ = longer;
  }

  void configure(CURL* easy) {
    const auto milliseconds = [](double s) { return std::max(1L, static_cast<long>(s * 1000)); };
    curl_easy_setopt(easy, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");  // which of them: EndpointSettings::check
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
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
    curl_multi_remove_handle(multi_, slot.handle());
    slot.end();
  }

  void deliver(CurlSlot& slot, HttpReply reply, std::vector<Finished>& finished) {
    stop(slot);
    // One place that every word of a server passes, so that no output can hold the key.
    reply.body = key_.redact(std::move(reply.body));
    reply.error = key_.redact(std::move(reply.error));
    for (auto& [name, value] : reply.headers) value = key_.redact(std::move(value));
    finished.push_back({slot.index(), std::move(reply)});
  }

  void collect(std::vector<Finished>& finished) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CurlSlot* slot = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
      deliver(*slot, slot->reply(message->data.result), finished);
    }
  }

  // libcurl's own low-speed limit also counts the time before the first byte, which may be long here.
  void expire(std::vector<Finished>& finished) {
    const double time = now();
    for (const auto& slot : slots_) {
      if (!slot || !slot->busy()) continue;
      const double limit = slot->answering() ? settings_.stall_timeout : settings_.answer_timeout;
      if (time - slot->last_sign() <= limit) continue;
      HttpReply reply;
      reply.broke = Break::timeout;
      reply.sent = slot->sent();
      reply.error = slot->answering() ? "the reply came to a halt" : "no answer in time";
      deliver(*slot, std::move(reply), finished);
    }
  }

  EndpointSettings settings_;
  std::string url_;
  ApiKey key_;
  CURLM* multi_ = nullptr;
  curl_slist* headers_ = nullptr;
  std::vector<std::unique_ptr<CurlSlot>> slots_;
};

}  // namespace

std::unique_ptr<Transport> make_curl_transport(const EndpointSettings& settings, ApiKey key) {
  return std::make_unique<CurlTransport>(settings, std::move(key));
}

}  // namespace film::endpoint

#pragma once
// Network interface of the dispatcher: starts HTTP requests, returns replies, tells the time. Tests substitute a
// simulated network with virtual time.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace film::endpoint {

struct HttpRequest {
  std::string method = "GET";  // any: GET, HEAD, POST, PUT, DELETE, ...
  std::string url;
  std::vector<std::string> headers;  // "Name: value"; may hold a key: never shown
  std::string body;                  // sent with POST, PUT and PATCH, and with other methods when not empty
};

// Names in lower case; only those that film reads.
using ReplyHeaders = std::map<std::string, std::string>;

// The value of a header, or "".
inline std::string header(const ReplyHeaders& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

// Where an attempt broke off. none: there is a status and a complete body.
enum class TransportError {
  none,
  resolve,    // no address for the host
  connect,    // refused, unreachable, connect timeout, TLS handshake cut
  untrusted,  // certificate expired, issued for another host, or by an unknown authority
  proxy,      // the proxy refused the tunnel; status is the proxy's
  timeout,    // connected, then too slow
  reset,      // connected, then cut before a complete reply
  too_big,    // longer than max_response_bytes
  not_http,   // bytes that are not an HTTP reply
};

// One attempt. `error_text` is for people.
struct HttpReply {
  TransportError error = TransportError::none;
  std::string error_text;
  int status = 0;
  ReplyHeaders headers;
  std::string body;
  bool sent = false;  // the request began to leave, so the server may have worked on it
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual double now() = 0;  // seconds, steady
  // `slot` counts from 0 to the number of slots - 1 and is taken until its reply is returned.
  virtual void start(std::size_t slot, HttpRequest request) = 0;
  struct Finished {
    std::size_t slot;
    HttpReply reply;
  };
  // Returns when something finished or `seconds` have passed.
  virtual std::vector<Finished> wait(double seconds) = 0;
  virtual void cancel_all() = 0;
};

}  // namespace film::endpoint

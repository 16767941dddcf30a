#pragma once
// What the dispatcher needs of the network: attempts out, replies in, and a clock. Tests put virtual time
// behind it.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace film::endpoint {

// Names in lower case; only those that film reads.
using ReplyHeaders = std::map<std::string, std::string>;

// The value of a header, or "".
inline std::string header(const ReplyHeaders& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

// Where an attempt broke off. none: there is a status and a whole body.
enum class Break {
  none,
  resolve,    // no address for the host
  connect,    // refused, unreachable, connect timeout, TLS handshake cut
  untrusted,  // certificate expired, of another host, or of an unknown authority
  proxy,      // the proxy refused the tunnel; status is the proxy's
  timeout,    // connected, then too slow
  reset,      // connected, then cut before a whole reply
  too_big,    // longer than max_response_bytes
  not_http,   // bytes that are no HTTP reply
};

// One attempt. `error` is for people; neither it nor anything else holds the key.
struct HttpReply {
  Break broke = Break::none;
  std::string error;
  int status = 0;
  ReplyHeaders headers;
  std::string body;
  bool sent = false;  // the request began to leave, so the server may have worked on it
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual double now() = 0;  // seconds, steady
  // Posts `body`; `slot` (0 .. max_in_flight-1) is free until its reply came.
  virtual void start(std::size_t slot, const std::string& body) = 0;
  struct Finished {
    std::size_t slot;
    HttpReply reply;
  };
  // Returns when something finished or `seconds` are over.
  virtual std::vector<Finished> wait(double seconds) = 0;
  virtual void cancel_all() = 0;
};

}  // namespace film::endpoint

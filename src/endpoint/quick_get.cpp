#include "quick_get.h"

namespace film::endpoint {

namespace {

bool may_come_again(const HttpReply& reply) {
  return reply.error != TransportError::none || reply.status == 408 || reply.status == 429 ||
         reply.status >= 500;
}

std::optional<std::string> body_of(HttpReply& reply) {
  if (may_come_again(reply)) return {};
  return reply.status == 200 ? std::move(reply.body) : "";
}

}  // namespace

std::optional<std::string> quick_get(Transport& transport, const std::string& url,
                                     const EndpointSettings& server, const ApiKey& key) {
  HttpRequest request{"GET", url, {"Accept: application/json"}, ""};
  if (!key.empty()) request.headers.push_back(key.header(server.api_style));
  transport.start(0, std::move(request));
  constexpr double kPatience = 10;  // seconds
  const double end = transport.now() + kPatience;
  while (transport.now() < end)
    for (Transport::Finished& finished : transport.wait(end - transport.now()))
      if (finished.slot == 0) return body_of(finished.reply);
  transport.cancel_all();
  return {};
}

}  // namespace film::endpoint

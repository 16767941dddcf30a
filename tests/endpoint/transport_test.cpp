// The network itself: any method, any URL, through libcurl.
#include "../support/test_server.h"
#include "endpoint/curl_transport.h"

namespace film::endpoint {
namespace {

HttpReply reply_to(Transport& transport, std::size_t slot, HttpRequest request) {
  transport.start(slot, std::move(request));
  for (int i = 0; i < 1000; ++i)
    for (auto& [finished, reply] : transport.wait(0.05)) {
      EXPECT_EQ(finished, slot);
      return std::move(reply);
    }
  ADD_FAILURE() << "no reply";
  return {};
}

TEST(Transport, SpeaksAnyMethodAndUrlOneAfterAnotherInOneSlot) {
  TestServer server, other;
  const auto transport = make_curl_transport(quick_settings(server.url()));
  const auto echo = [&](const TestServer& to, const char* method, const std::string& body) {
    const HttpReply reply =
        reply_to(*transport, 0, {method, to.url() + "/echo/" + method, {"X-Note: to " + to.port()}, body});
    EXPECT_EQ(reply.status, 200) << method << " " << reply.error_text;
    return reply.body;
  };
  const std::string large(3'000'000, 'x');  // libcurl alone would wait for "100 Continue"
  const std::pair<const char*, std::string> rows[] = {
      {"POST", "text"}, {"GET", ""},  {"PUT", large}, {"DELETE", ""},     {"PATCH", "{}"},
      {"POST", ""},     {"HEAD", ""}, {"GET", ""},    {"DELETE", "body"}, {"OPTIONS", ""}};
  for (const TestServer* to : {&server, &other})
    for (const auto& [method, body] : rows) {
      const std::string text = echo(*to, method, body);
      if (std::string_view(method) == "HEAD") {
        EXPECT_EQ(text, "");
        continue;
      }
      const Json seen = parse_json(text, method);
      EXPECT_EQ(seen["method"], method);
      EXPECT_EQ(seen["path"], std::string("/v1/echo/") + method);
      EXPECT_EQ(seen["body"], body) << method;
      EXPECT_EQ(seen["headers"]["x-note"], "to " + to->port());
      EXPECT_FALSE(seen["headers"].contains("expect")) << method;
    }
}

TEST(Transport, SlotsAreIndependent) {
  TestServer server;
  const auto transport = make_curl_transport(quick_settings(server.url()));
  for (std::size_t slot = 0; slot < 20; ++slot)
    transport->start(slot, {slot % 2 == 0 ? "GET" : "POST",
                            server.url() + "/echo/" + std::to_string(slot),
                            {},
                            slot % 2 == 0 ? "" : std::to_string(slot)});
  std::size_t count = 0;
  for (int i = 0; i < 1000 && count < 20; ++i)
    for (const auto& [slot, reply] : transport->wait(0.05)) {
      const Json seen = parse_json(reply.body, "reply");
      EXPECT_EQ(seen["path"], "/v1/echo/" + std::to_string(slot));
      EXPECT_EQ(seen["method"], slot % 2 == 0 ? "GET" : "POST");
      ++count;
    }
  EXPECT_EQ(count, 20u);
}

}  // namespace
}  // namespace film::endpoint

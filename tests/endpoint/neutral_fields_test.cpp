// Penalties that servers apply by themselves, as their descriptions tell.
#include "endpoint/neutral_fields.h"

#include "../support/test_server.h"

namespace film::endpoint {
namespace {

// A description with one route, whose request has these properties.
std::string described(const std::string& path, const std::string& properties) {
  return R"({"paths":{")" + path +
         R"(":{"post":{"requestBody":{"content":{"application/json":{"schema":{"anyOf":[{"$ref":"#/components/schemas/Ask"},)"
         R"({"type":"null"}]}}}}}}},"components":{"schemas":{"Ask":{"properties":)" +
         properties + "}}}}";
}

TEST(NeutralFields, AreThoseThatTheServerWouldNotLeaveAtOne) {
  const struct {
    const char *path, *properties;
    Route route;
    Json fields;
  } cases[] = {
      {"/v1/completions",
       R"({"repeat_penalty":{"default":1.1}})",
       Route::completions,
       {{"repeat_penalty", 1.0}}},
      {"/v1/chat/completions",
       R"({"repetition_penalty":{"anyOf":[{"type":"number"},{"type":"null"}]}})",
       Route::chat,
       {{"repetition_penalty", 1.0}}},
      {"/engines/a/chat/completions",
       R"({"repetition_penalty":{"default":null},"top_k":{}})",
       Route::chat,
       {{"repetition_penalty", 1.0}}},
      {"/v1/completions", R"({"repeat_penalty":{"default":1.0}})", Route::completions, Json::object()},
      {"/v1/chat/completions", R"({"repeat_penalty":{"default":1.1}})", Route::completions, Json::object()},
      {"/v1/completions", R"({"repeat_penalty":{"default":1.1}})", Route::chat, Json::object()},
      {"/v1/completions", R"({"temperature":{"default":0.8}})", Route::completions, Json::object()}};
  for (const auto& [path, properties, route, fields] : cases)
    EXPECT_EQ(neutral_in(described(path, properties), route), fields) << path << properties;
  for (const char* odd :
       {"", "<html>", "[]", R"({"paths":7})", R"({"paths":{"/v1/completions":{"post":[]}}})"})
    EXPECT_EQ(neutral_in(odd, Route::completions), Json::object()) << odd;
}

TEST(NeutralFields, OfSeveralServersAreThoseThatAllTake) {
  const std::string both = R"({"repeat_penalty":{"default":1.1},"repetition_penalty":{}})";
  TestServer first({"--openapi", described("/v1/chat/completions", both)}),
      second({"--openapi", described("/v1/chat/completions", R"({"repetition_penalty":{}})")}), silent;
  EXPECT_EQ(EndpointClient(quick_settings(first.url())).neutral_fields(),
            Json({{"repeat_penalty", 1.0}, {"repetition_penalty", 1.0}}));
  EndpointSettings two = quick_settings(first.url());
  two.servers = {{first.url()}, {second.url()}};
  EXPECT_EQ(EndpointClient(two).neutral_fields(), Json({{"repetition_penalty", 1.0}}));
  two.servers.push_back({silent.url()});
  EXPECT_EQ(EndpointClient(two).neutral_fields(), Json::object());
}

}  // namespace
}  // namespace film::endpoint

// Penalties that servers apply by themselves, as their descriptions tell.
#include "endpoint/neutral_fields.h"

#include "../support/temp_folder.h"
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

// A server that is busy for a moment is asked again; one that has no description is not.
TEST(NeutralFields, ASilentServerIsNotOneWithoutADescription) {
  const std::string described_here = described("/v1/chat/completions", R"({"repetition_penalty":{}})");
  const Json one = {{"repetition_penalty", 1.0}};
  const struct {
    std::vector<std::string> options;
    std::optional<Json> fields;
    int asked;
  } cases[] = {{{}, Json::object(), 1},
               {{"--openapi-silent", "2"}, one, 3},
               {{"--openapi-status", "503", "1"}, one, 2},
               {{"--openapi-status", "429", "3"}, one, 4},
               {{"--openapi-status", "403", "1"}, Json::object(), 1},
               {{"--openapi-silent", "99"}, std::nullopt, 4},
               {{"--openapi-status", "500", "99"}, std::nullopt, 4}};
  for (const auto& [options, fields, asked] : cases) {
    std::vector<std::string> words = options;
    if (!words.empty()) words.insert(words.end(), {"--openapi", described_here});
    const TestServer server(words);
    EndpointClient client(quick_settings(server.url()));
    const std::string name = words.empty() ? "none" : words[0] + " " + words[1];
    EXPECT_EQ(client.neutral_fields(), fields) << name;
    EXPECT_EQ(client.noted_fields(), fields) << name;
    EXPECT_EQ(server.seen()["paths"].value("/openapi.json", 0), asked) << name;
  }
}

// All requests of a journal are alike, whatever the server says later; another server is asked for itself.
TEST(NeutralFields, AreNotedBesideTheJournal) {
  const support::TempFolder folder;
  const fs::path journal = folder / "journal.jsonl";
  const TestServer server({"--openapi", described("/v1/chat/completions", R"({"repetition_penalty":{}})")}),
      other;
  const Json one = {{"repetition_penalty", 1.0}};
  const EndpointSettings settings = quick_settings(server.url());
  EXPECT_EQ(EndpointClient(settings, journal).noted_fields(), std::nullopt);
  EXPECT_EQ(EndpointClient(settings, journal).neutral_fields(), one);
  EXPECT_EQ(EndpointClient(settings, journal).noted_fields(), one);
  EXPECT_EQ(EndpointClient(settings, journal).neutral_fields(), one);
  EXPECT_EQ(server.seen()["paths"]["/openapi.json"], 1);
  EXPECT_EQ(EndpointClient(quick_settings(other.url()), journal).neutral_fields(), Json::object());
  EXPECT_EQ(EndpointClient(settings, journal).noted_fields(), one);
}

}  // namespace
}  // namespace film::endpoint

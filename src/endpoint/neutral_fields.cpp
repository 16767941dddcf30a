#include "neutral_fields.h"

#include <algorithm>
#include <array>

#include "address.h"
#include "film/base/signals.h"
#include "json_member.h"
#include "quick_get.h"

namespace film::endpoint {
namespace {

constexpr std::array<const char*, 2> kPenalties = {"repeat_penalty", "repetition_penalty"};

// Most servers answer within a second; one that loads its model may take a few.
constexpr int kTries = 4;

void pause(Transport& transport, double seconds) {
  const double end = transport.now() + seconds;
  while (transport.now() < end && stop_signal() == 0) transport.wait(end - transport.now());
}

// The schema of a POST to the route; a route is told by how its path ends.
Json schema_of(const Json& description, Route route) {
  const std::string chat = "/chat/completions", raw = "/completions";
  for (const auto& [path, methods] : member_of(description, "paths").items()) {
    const bool fits =
        route == Route::chat ? path.ends_with(chat) : path.ends_with(raw) && !path.ends_with(chat);
    if (!fits) continue;
    const Json& content = member_of(member_of(member_of(methods, "post"), "requestBody"), "content");
    return member_of(member_of(content, "application/json"), "schema");
  }
  return {};
}

// The properties of a schema, behind references and alternatives, which are followed to a few levels.
void collect(const Json& schema, const Json& schemas, int levels, Json& properties) {
  if (levels == 0) return;
  if (const Json& own = member_of(schema, "properties"); own.is_object()) properties.update(own);
  const Json& link = member_of(schema, "$ref");
  if (link.is_string()) {
    const std::string name = link.get<std::string>();
    collect(member_of(schemas, name.substr(name.rfind('/') + 1)), schemas, levels - 1, properties);
  }
  for (const char* list : {"allOf", "anyOf", "oneOf"})
    for (const Json& each : member_of(schema, list)) collect(each, schemas, levels - 1, properties);
}

}  // namespace

Json neutral_in(const std::string& description, Route route) {
  constexpr int kLevels = 4;
  const Json json = try_parse_json(description).value_or(Json());
  Json properties = Json::object(), fields = Json::object();
  collect(schema_of(json, route), member_of(member_of(json, "components"), "schemas"), kLevels, properties);
  for (const char* penalty : kPenalties) {
    if (!properties.contains(penalty)) continue;
    const auto value = read_value<double>(member_of(properties[penalty], "default"));
    if (!value || *value != 1) fields[penalty] = 1.0;
  }
  return fields;
}

std::optional<Json> neutral_fields(Transport& transport, const EndpointSettings& server, const ApiKey& key) {
  if (server.api_style == ApiStyle::azure) return Json::object();
  const std::string url = server_root(server) + "/openapi.json";
  double wait = std::min(server.backoff, server.backoff_cap);
  for (int left = kTries; left > 0 && stop_signal() == 0;
       --left, wait = std::min(2 * wait, server.backoff_cap)) {
    if (const auto description = quick_get(transport, url, server, key))
      return neutral_in(*description, server.route);
    if (left > 1) pause(transport, wait);
  }
  return {};
}

}  // namespace film::endpoint

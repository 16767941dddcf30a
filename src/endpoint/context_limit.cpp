#include "context_limit.h"

#include "address.h"
#include "json_member.h"
#include "quick_get.h"

namespace film::endpoint {
namespace {

constexpr const char *kModels = "/models", *kProps = "/props", *kStudio = "/api/v0/models", *kInfo = "/info";

std::optional<std::int64_t> first_of(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (const auto value = read_value<std::int64_t>(member_of(object, key)); value && *value > 0)
      return value;
  return {};
}

// The entry of the model, or the only one.
Json entry_of(const Json& body, const std::string& model) {
  const Json& list = member_of(body, "data");
  if (!list.is_array()) return {};
  for (const Json& entry : list)
    if (member_of(entry, "id") == model) return entry;
  return list.size() == 1 ? list[0] : Json();
}

}  // namespace

std::optional<std::int64_t> limit_in(const std::string& path, const std::string& body,
                                     const std::string& model) {
  const std::optional<Json> json = try_parse_json(body);
  if (!json) return {};
  if (path == kProps) return first_of(member_of(*json, "default_generation_settings"), {"n_ctx"});
  if (path == kInfo) return first_of(*json, {"max_total_tokens"});
  if (path == kStudio) return first_of(entry_of(*json, model), {"loaded_context_length"});
  return first_of(entry_of(*json, model),
                  {"max_model_len", "context_window", "context_length", "max_context_length"});
}

std::optional<std::int64_t> context_limit(Transport& transport, const EndpointSettings& server,
                                          const ApiKey& key) {
  if (server.api_style == ApiStyle::azure) return {};
  for (const char* path : {kModels, kProps, kStudio, kInfo}) {
    const std::string root = path == kModels ? api_root(server) : server_root(server);
    const std::string body = quick_get(transport, root + path, server, key).value_or("");
    if (const auto limit = limit_in(path, body, server.model)) return limit;
  }
  return {};
}

}  // namespace film::endpoint

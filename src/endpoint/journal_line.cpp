#include "journal_line.h"

#include <charconv>
#include <ctime>

#include "film/base/error.h"

namespace film::endpoint {
namespace {

constexpr std::string_view kKeyPrefix = "{\"key\":\"", kCostPrefix = "\",\"cost\":";
constexpr std::size_t kKeyDigits = 32;

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char text[32];
  const std::size_t n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r(&now, &parts));
  return {text, n};
}

Reason reason_of(const Json& json, const std::string& where) {
  return json.contains("reason") ? member<Reason>(json, "reason", where) : Reason::none;
}

}  // namespace

std::optional<LineHead> read_head(std::string_view line) {
  const std::size_t cost_at = kKeyPrefix.size() + kKeyDigits + kCostPrefix.size();
  LineHead head;
  if (line.size() < cost_at || !line.ends_with('}') || !line.starts_with(kKeyPrefix) ||
      line.substr(cost_at - kCostPrefix.size(), kCostPrefix.size()) != kCostPrefix ||
      !read_key(line.substr(kKeyPrefix.size(), kKeyDigits), head.key) ||
      std::from_chars(line.data() + cost_at, line.data() + line.size(), head.cost).ec != std::errc())
    return {};
  return head;
}

Json journal_line(const LineHead& head, const ChatResult& r, const std::string& prompt_version) {
  Json json = {{"key", to_text(head.key)}, {"cost", head.cost}, {"id", r.id}, {"status", name_of(r.outcome)}};
  if (r.reason != Reason::none) json["reason"] = name_of(r.reason);
  if (!r.detail.empty()) json["detail"] = r.detail;
  json["text"] = r.text;
  json["model"] = r.model;
  json["prompt"] = prompt_version;
  if (r.usage.reported) json["usage"] = {{"prompt", r.usage.prompt}, {"completion", r.usage.completion}};
  if (!r.logprobs.is_null()) json["logprobs"] = r.logprobs;
  json["attempts"] = r.attempts;
  json["unknown"] = r.unknown;
  json["seconds"] = r.seconds;
  json["time"] = utc_now();
  return json;
}

ChatResult result_from_line(std::string_view line, const std::string& where) {
  const Json json = parse_json(line, where);
  ChatResult r;
  r.id = member<std::string>(json, "id", where);
  r.outcome = member<ChatOutcome>(json, "status", where);
  r.reason = reason_of(json, where);
  r.detail = json.value("detail", "");
  r.text = member<std::string>(json, "text", where);
  r.model = member<std::string>(json, "model", where);
  r.attempts = member<int>(json, "attempts", where);
  r.unknown = member<int>(json, "unknown", where);
  r.seconds = member<double>(json, "seconds", where);
  if (json.contains("usage"))
    r.usage = {member<std::int64_t>(json["usage"], "prompt", where),
               member<std::int64_t>(json["usage"], "completion", where), true};
  r.logprobs = json.value("logprobs", Json());
  r.from_journal = true;
  return r;
}

}  // namespace film::endpoint

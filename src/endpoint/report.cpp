#include "film/endpoint/report.h"

namespace film::endpoint {
namespace {

Json counts(const std::map<Reason, std::uint64_t>& by_reason) {
  std::map<std::string, std::uint64_t> words;  // in the order of the alphabet
  for (const auto& [reason, count] : by_reason) words[std::string(name_of(reason))] = count;
  return words;
}

Json to_json(const ServerReport& server) {
  Json json = {{"address", server.address}, {"attempts", server.attempts}, {"answers", server.answers}};
  if (!server.left_out.empty()) json["left_out"] = server.left_out;
  return json;
}

}  // namespace

Json to_json(const EndpointReport& report) {
  Json json = {{"ok", report.ok},
               {"rejected", report.rejected},
               {"failed", report.failed},
               {"from_journal", report.from_journal},
               {"attempts", report.attempts},
               {"unknown_outcome", report.unknown},
               {"reasons", counts(report.reasons)},
               {"retries", counts(report.retries)},
               {"prompt_tokens", report.prompt_tokens},
               {"completion_tokens", report.completion_tokens},
               {"cost", report.cost},
               {"seconds", report.seconds},
               {"latency_p50", report.latency_p50},
               {"latency_p95", report.latency_p95}};
  if (report.servers.size() > 1)
    for (const ServerReport& server : report.servers) json["servers"].push_back(to_json(server));
  return json;
}

}  // namespace film::endpoint

#include "film/endpoint/report.h"

#include <fmt/format.h>

#include "film/base/format.h"

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

std::string to_text(const EndpointReport& report) {
  std::string text = fmt::format("{} answers, {} without use, {} failed, in {}: {} requests",
                                 grouped(report.ok), grouped(report.rejected), grouped(report.failed),
                                 duration_text(report.seconds), grouped(report.attempts));
  std::uint64_t repeated = 0;
  for (const auto& [reason, count] : report.retries) repeated += count;
  if (repeated > 0) text += fmt::format(" ({} repeated)", grouped(repeated));
  if (report.from_journal > 0)
    text += fmt::format("; {} from the journal or shared by equal requests", grouped(report.from_journal));
  if (report.unknown > 0)
    text += fmt::format("; {} may have been paid for without a reply", grouped(report.unknown));
  text +=
      fmt::format("; {} tokens read, {} written", grouped(static_cast<std::uint64_t>(report.prompt_tokens)),
                  grouped(static_cast<std::uint64_t>(report.completion_tokens)));
  if (report.cost > 0) text += fmt::format("; cost {:.4f}", report.cost);
  return text;
}

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

#pragma once
// What a run of EndpointClient did, all attempts counted.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "film/endpoint/chat.h"

namespace film::endpoint {

struct ServerReport {
  std::string address;         // base URL
  std::uint64_t attempts = 0;  // requests sent to it
  std::uint64_t answers = 0;   // replies that were paid for
  std::string left_out;        // why it is not asked any more; empty while it is
};

struct EndpointReport {
  std::uint64_t ok = 0, rejected = 0, failed = 0;  // results
  std::uint64_t from_journal =
      0;  // of ok and rejected: answered by an earlier run, or by this one for an equal request
  std::uint64_t attempts = 0;               // requests sent
  std::uint64_t unknown = 0;                // of these: sent without a complete reply, so possibly paid for
  std::map<Reason, std::uint64_t> reasons;  // of rejected and failed results
  std::map<Reason, std::uint64_t> retries;  // of attempts that were repeated
  std::int64_t prompt_tokens = 0, completion_tokens = 0;
  double cost = 0;  // of this run, in the unit of the prices; worst case where usage was not reported
  double seconds = 0;
  double latency_p50 = 0, latency_p95 = 0;  // seconds of single attempts that gave an answer
  std::vector<ServerReport> servers;        // in the order of the settings
};

// One line for people: "1,096 answers in 1.8 s: 887 requests (12 repeated), 213 from the journal or for equal questions; …"
std::string to_text(const EndpointReport& report);
// Servers are listed only when there are several.
Json to_json(const EndpointReport& report);

}  // namespace film::endpoint

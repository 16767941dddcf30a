#pragma once
// A request from its acceptance to its result.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "film/endpoint/chat.h"
#include "judge.h"
#include "request_key.h"

namespace film::endpoint {

struct Outgoing {
  ChatRequest request;
  std::string body;                    // as it is sent
  int max_tokens = 0;                  // of the answer; 0 = the server's limit
  std::vector<RequestKey> keys;        // in the journal; empty without one
  std::vector<std::string> coalesced;  // ids of requests with the same key, waiting for the same answer

  int attempts = 0, unknown = 0;  // sent; of these possibly paid for
  int failures = 0,
      throttled = 0;       // attempts that count against it: its own fault, or only it was turned away
  double spent = 0;        // on all attempts
  double first_start = 0;  // of the first attempt
  std::uint64_t answers_before = 0;  // answers to other requests when its first attempt began

  // The last attempt.
  bool in_flight = false;
  std::size_t server = 0;  // which one it went to
  double started = 0;
  double tokens = 0;    // estimate of prompt and answer, for the pace
  double reserved = 0;  // of the budget: its worst case
};

// `now`: when the result is known.
ChatResult result_of(const Outgoing& outgoing, ChatOutcome outcome, Verdict verdict, double now);

}  // namespace film::endpoint

#pragma once
// What a reply means. The one place that sorts replies; servers and runs only act on the disposition.
#include <optional>
#include <string>

#include "film/base/error.h"
#include "film/endpoint/chat.h"
#include "transport.h"

namespace film::endpoint {

// What becomes of a request after one attempt.
enum class Disposition {
  answer,     // paid and usable
  rejected,   // final for this request; Verdict::paid tells whether it goes into the journal
  retry,      // the request itself may be at fault: counts against its attempts
  throttled,  // the server cannot serve anyone now: everything pauses, the request is not to blame
  failed,     // retrying now would not help, yet it is not final
  fatal,      // no request can succeed at this server
};

struct Verdict {
  Disposition disposition = Disposition::retry;
  bool paid = false;
  bool unknown = false;          // possibly paid: sent, and no complete reply came
  Reason reason = Reason::none;  // as in ChatResult
  std::string detail;
  std::string text, model;
  Usage usage;
  Json logprobs = {};
  std::optional<double> wait;             // seconds that the server asks for
  ExitCode code = ExitCode::unavailable;  // of fatal
  std::string hint;                       // of fatal
};

struct JudgeRules {
  bool keep_truncated = false;
  int max_tokens = 0;   // that the request allowed; 0 = not said
  bool worked = false;  // an answer came before: then 403, 404 and the like concern the one request only
  std::string model, base_url;  // for hints
};

Verdict judge(const HttpReply& reply, const JudgeRules& rules);

}  // namespace film::endpoint

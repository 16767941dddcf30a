#pragma once
// What a reply means. The one place that sorts replies into classes; the dispatcher only acts on the class.
#include <optional>
#include <string>

#include "film/base/error.h"
#include "film/endpoint/chat.h"
#include "transport.h"

namespace film::endpoint {

struct Verdict {
  enum class Class {
    answer,    // paid and usable
    rejected,  // final for this request; paid tells whether it goes into the journal
    retry,     // a fault that may be this request's: counts against its attempts
    busy,      // the endpoint as a whole cannot now: everything pauses, the request is not to blame
    failed,    // no use to repeat it now, yet not final
    fatal,     // no request can work: ends the run
  };
  Class what = Class::retry;
  bool paid = false;
  bool unknown = false;        // perhaps paid: sent, and no whole reply came
  std::string reason, detail;  // as in ChatResult
  std::string text, model;
  Usage usage;
  std::optional<double> wait;             // seconds that the server asks for
  ExitCode code = ExitCode::unavailable;  // of fatal
  std::string hint;
};

struct JudgeRules {
  bool keep_truncated = false;
  bool worked = false;  // an answer has come before: then 403, 404 and the like are one request's own trouble
  std::string model, base_url;  // for hints
};

Verdict judge(const HttpReply& reply, const JudgeRules& rules);

}  // namespace film::endpoint

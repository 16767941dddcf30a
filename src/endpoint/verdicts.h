#pragma once
// How verdicts are made, for the files of judge().
#include <string>

#include "judge.h"

namespace film::endpoint {

Verdict verdict(Disposition disposition, Reason reason, std::string detail);
Verdict fatal(ExitCode code, Reason reason, std::string detail, std::string hint);
// Fatal while nothing has worked yet (a wrong setting); later it concerns this request only.
Verdict fatal_at_first(const JudgeRules& rules, Verdict verdict);

// A reply whose status is not 2xx, or a 2xx that holds an error of such a status.
Verdict judge_status(int status, const HttpReply& reply, const JudgeRules& rules);

inline constexpr const char* kIsItOpenAi = "is endpoint.base_url an OpenAI-compatible address, up to /v1?";

}  // namespace film::endpoint

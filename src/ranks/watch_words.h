#pragma once
// What the ends of a watch send each other, a JSON object a line, and what they say of a rank that is lost.
//   member to hub: {"beat": [arrived, waiting]}, {"stop": signal}, {"failed": FAILURE}, {"bye": true}
//   hub to member: {"beat": true}, {"stop": signal}, {"failed": FAILURE}, {"bye": true}
// FAILURE: {"code", "message", "hint"}
#include <chrono>
#include <string>

#include "film/base/error.h"
#include "film/base/json.h"

namespace film::ranks {

std::string failure_line(const Error& failure);
Error failure_of(const Json& message);  // of {"failed": FAILURE}

Error closed_connection(const std::string& rank);
Error silent_rank(const std::string& rank, std::chrono::milliseconds silence);
Error slow_ranks(const std::string& ranks, std::chrono::milliseconds wait);
Error stuck_exchange(std::chrono::milliseconds wait);
Error failed_rank(const std::string& rank, const Error& failure);

}  // namespace film::ranks

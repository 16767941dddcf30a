#pragma once
// Durations in reply headers.
#include <optional>
#include <string_view>

#include "transport.h"

namespace film::endpoint {

// "12ms", "1s", "6m0s", "1h2m3.5s" or a bare number of seconds; nothing for anything else or below zero.
std::optional<double> duration_seconds(std::string_view text);

// The wait that a reply asks for, in seconds: retry-after-ms, then retry-after in seconds or as a date. A date is
// read against the reply's own Date, so that clocks may differ. Nothing when absent, negative or unreadable.
std::optional<double> retry_after(const ReplyHeaders& headers);

}  // namespace film::endpoint

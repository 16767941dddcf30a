#pragma once
// RULER's variable tracking: a chain of assignments hidden among noise.
#include <functional>
#include <memory>

#include "sample.h"

namespace film::benchmarks {

// `example_tokens`: how many tokens a text takes; the worked example in front of every question has as much noise as 500
// tokens hold.
using CountTokens = std::function<std::uint64_t(const std::string&)>;
std::unique_ptr<SampleMaker> make_variables(const CountTokens& tokens);

}  // namespace film::benchmarks

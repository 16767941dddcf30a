#pragma once
// The longest sample that fits into a number of tokens.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace film::benchmarks {

// The largest n of least..most of which cost(n) is within `limit`, with cost(n + 1) above it where n is not `most`;
// nothing where not even `least` is. `cost` grows about evenly, so that a few calls are enough; `guess` is asked first.
std::optional<std::size_t> largest_fit(std::size_t least, std::size_t most, std::size_t guess,
                                       std::uint64_t limit,
                                       const std::function<std::uint64_t(std::size_t)>& cost);

}  // namespace film::benchmarks

#pragma once
// Numbers, durations and bars as text for people.
#include <cstdint>
#include <string>
#include <string_view>

namespace film {

std::string grouped(std::uint64_t number);  // "1,234,567"

std::string counted(std::uint64_t number, std::string_view noun);  // "1 file", "2,000 files"

std::string gibibytes_text(std::uint64_t bytes);  // "1.25 GiB"

std::string duration_text(double seconds);  // "0.3 s", "3 s", "4 min 05 s", "2 h 10 min"

// A bar of `cells` cells, `fraction` (0 to 1) of them full; `empty` is put in for each of the others.
std::string bar(double fraction, int cells, std::string_view empty = "");

}  // namespace film

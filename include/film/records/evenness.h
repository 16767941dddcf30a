#pragma once
// What the chi-square tests of a DATA folder say, in words: the same on the terminal and in a report.
#include <string>

#include "film/records/synth_facts.h"

namespace film {

std::string chance_text(double p);                // "p < 0.001", "p = 0.042"
std::string test_numbers(const ChiSquare& test);  // "chi-square 53.0 with 15 degrees of freedom, p < 0.001"

// "even", "not even", or, where whole segments are too long for the bins, how even they can be. `segment`: mean tokens
// of a segment. Only of lengths that were tested.
std::string length_verdict(const LengthHistogram& lengths, double segment);
std::string slot_verdict(const SlotHistogram& slots);  // "even", "not even", or whose choice it is

}  // namespace film

#pragma once
// Suggestions for a misspelt name.
#include <cstddef>
#include <string>
#include <vector>

namespace film {

// Edit distance: insert, delete, replace, swap of neighbours.
std::size_t edit_distance(const std::string& a, const std::string& b);

// A misspelt word differs in a third of its letters at most; anything farther would be a guess.
bool is_near(const std::string& name, std::size_t edits);

// The first of `known` with the fewest edits, if it is near; else empty.
std::string nearest(const std::string& name, const std::vector<std::string>& known);

// "did you mean "NEAREST"?", or empty where nothing is near.
std::string did_you_mean(const std::string& nearest);

}  // namespace film

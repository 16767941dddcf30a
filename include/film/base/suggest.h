#pragma once
// Suggestions for a misspelt name.
#include <cstddef>
#include <string>
#include <vector>

namespace film {

// Edit distance: insert, delete, replace, swap of neighbours.
std::size_t edit_distance(const std::string& a, const std::string& b);

// The first of `known` with the fewest edits; empty if there is none.
std::string nearest(const std::string& name, const std::vector<std::string>& known);

}  // namespace film

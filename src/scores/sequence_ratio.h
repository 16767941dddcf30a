#pragma once
// How alike two texts are, as Python's difflib.SequenceMatcher(None, a, b).ratio() says, to the last bit.
#include <string>
#include <string_view>
#include <vector>

namespace film::scores {

// 2 M / (|a| + |b|) with M the characters of matching blocks; 1 for two empty texts. Of a `b` of 200 characters and more
// those that make up more than a hundredth of it begin no block ("autojunk"). Not symmetric.
double sequence_ratio(std::string_view a, std::string_view b);

// "sequence ratio": 0 unless the output begins with the second reference string, which is then taken off output and answer;
// else the ratio of what is left (openai/mrcr).
double prefixed_ratio(const std::string& output, const std::vector<std::string>& answers);

}  // namespace film::scores

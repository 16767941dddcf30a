#pragma once
// How lm-evaluation-harness takes the number from an answer to GSM8K.
#include <string>
#include <vector>

namespace film::scores {

// "last number" (flexible-extract): the last match of (-?[$0-9.,]{2,})|(-?[0-9]+) equals the reference, both without
// commas, dollar signs, a full stop at the end, and what stands before "#### ".
double last_number(const std::string& output, const std::vector<std::string>& answers);
// "number behind ####" (strict-match): the first match of #### (\-?[0-9\.\,]+).
double marked_number(const std::string& output, const std::vector<std::string>& answers);

}  // namespace film::scores

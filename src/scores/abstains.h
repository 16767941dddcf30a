#pragma once
#include <string>
#include <vector>

namespace film::scores {

// "abstains": the output says that the text does not tell, in one of the usual ways in English or Chinese. The answers are
// not looked at.
double abstains(const std::string& output, const std::vector<std::string>& answers);

}  // namespace film::scores

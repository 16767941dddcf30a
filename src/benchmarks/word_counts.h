#pragma once
// RULER's common words (cwe) and frequent coded words (fwe).
#include <memory>

#include "sample.h"

namespace film::benchmarks {

// `words`: those of the lists; `example`: a worked one goes in front.
std::unique_ptr<SampleMaker> make_common_words(std::vector<std::string> words, bool example);
std::unique_ptr<SampleMaker> make_frequent_words();

}  // namespace film::benchmarks

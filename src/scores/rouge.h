#pragma once
// ROUGE-L as the package `rouge` 1.0.1 computes it, which LongBench uses; not the same as Google's rouge_score. Its rules:
// sentences end at every ".", words at white space, and both are kept as they are. Of every pair of sentences the longest
// common subsequence is taken, and the words of all of them make one set; precision and recall are its size over the
// numbers of different words. https://github.com/pltrdy/rouge
#include <string_view>

namespace film::scores {

// F of summary level, 0..1, to the last bit. 0 where a text has no sentence. Sentences of more than about a thousand words,
// on which the package gives up, are scored like all others.
double rouge_l_f(std::string_view output, std::string_view reference);

}  // namespace film::scores

#pragma once
// Two raters on the same answers: how often they say the same, and how much more often than by chance.
#include <cstdint>
#include <utility>
#include <vector>

#include "film/records/agreement.h"

namespace film::scores {

// `verdicts`: pairs of a person's and the judge's, as numbers of `words`. Sets count, words, table and the numbers made of
// them. Agreed: with Wilson's interval. Kappa: J. Cohen, Educational and Psychological Measurement 20 (1960) 37; its interval by
// the large-sample variance of J. L. Fleiss, J. Cohen and B. S. Everitt, Psychological Bulletin 72 (1969) 323. Where all agree
// that variance is 0: there the interval is Wilson's of the agreement, in units of kappa. Where chance alone agrees always (one
// verdict for all), kappa says nothing: 0, with the interval -1 to 1.
Agreement agreement(const std::vector<std::string>& words,
                    const std::vector<std::pair<std::size_t, std::size_t>>& verdicts);

}  // namespace film::scores

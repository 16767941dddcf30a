#include "advice.h"

#include <algorithm>

namespace film::contexts {
namespace {

constexpr const char* kCut =
    "cut long documents into parts, which count as documents (--set cut.when=longer, and cut.tokens below "
    "their length)";

// Of the documents that are left when the longest one is the evidence, a little less: segments are not cut to fit.
std::uint64_t surely_enough(const Pool& pool) {
  const std::uint64_t left = (pool.tokens - pool.longest) * 9 / 10;
  return left >= 100 ? left / 100 * 100 : left;
}

// The least of the splits that contexts are wanted from, so that one setting does for all of them.
std::uint64_t enough_for_all(const DrawPlan& plan) {
  std::uint64_t least = UINT64_MAX;
  for (const Split split : kSplits)
    if (plan.settings.count(split) > 0 && plan.pool(split).count >= 2)
      least = std::min(least, surely_enough(plan.pool(split)));
  return least;
}

// "0.12": so much of the corpus should hold two documents, and a third to be sure.
std::string larger_fraction(std::size_t documents) {
  const std::size_t percent = std::min<std::size_t>(90, 300 / documents + 1);
  return "0." + std::string(percent < 10 ? "0" : "") + std::to_string(percent);
}

}  // namespace

std::string advice_for(const DrawPlan& plan, Split split) {
  const Pool& pool = plan.pool(split);
  const std::string name = name_of(split), leave_out = "set contexts." + name + "=0";
  if (plan.index.documents() == 1)
    return "the corpus is one document: name more files, or, where it has many lines, set cut.when=alone and "
           "cut.tokens "
           "to a tenth of its length";
  if (pool.count < 2)
    return std::string(kCut) + ", raise split." + name + " (to " + larger_fraction(plan.index.documents()) +
           ", say), " + leave_out + ", or take a larger corpus";
  if (plan.settings.segments > 0)  // and not a length
    return std::string(kCut) + ", lower contexts.segments, raise split." + name + ", " + leave_out +
           ", or take a larger corpus";
  const std::uint64_t enough = enough_for_all(plan);
  return "set contexts.target.max=" + std::to_string(enough) +
         " and contexts.target.min=" + std::to_string(enough / 2) +
         ", which all splits can supply; or raise split." + name + ", " + leave_out +
         ", or take a larger corpus";
}

}  // namespace film::contexts

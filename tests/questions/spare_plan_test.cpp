#include "questions/endpoint/spare_plan.h"

#include <gtest/gtest.h>

namespace film::questions {
namespace {

// The set of contexts that are asked does not depend on the order of answers.
TEST(SparePlan, AsksTheShortestRunOfContextsThatGivesTheNumber) {
  for (const std::uint64_t order : {1u, 2u, 3u, 4u}) {
    SparePlan plan(0.25);
    for (std::uint64_t id = 0; id < 400; ++id) {
      Context context;
      context.id = id;
      context.split = id % 10 == 0 ? Split::test : Split::train;
      context.kind = id % 4 == 1 ? ContextKind::integration : ContextKind::fine_grained;
      plan.add(context);
    }
    EXPECT_EQ(plan.wanted(), 300u);
    std::vector<std::uint64_t> open;
    std::uint64_t step = order;
    while (true) {
      while (open.size() < 32) {
        const auto next = plan.next();
        if (!next) break;
        open.push_back(*next);
      }
      if (open.empty()) break;
      step = step * 6364136223846793005ull + 1442695040888963407ull;
      const std::size_t pick = (step >> 33) % open.size();
      plan.done(open[pick], open[pick] % 7 != 3);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    EXPECT_EQ(plan.shortage(), "");
    std::uint64_t asked = 0, kept = 0, digest = 0;
    for (std::uint64_t id = 0; id < 400; ++id)
      if (plan.asked(id)) {
        ++asked;
        kept += id % 7 != 3 ? 1 : 0;
        digest = digest * 31 + id;
      }
    EXPECT_EQ(kept, 300u);
    static const std::uint64_t first = digest;
    EXPECT_EQ(digest, first);
    EXPECT_LT(asked, 360u);
  }
}

}  // namespace
}  // namespace film::questions

// The shipped settings give the paper's numbers: 1.1 M + 300 K + 150 K questions after rejects, and 200 K conversations.
#include <gtest/gtest.h>

#include <cmath>

#include "../support/test_data.h"
#include "contexts/sampler.h"
#include "film/contexts/synth.h"

namespace film::contexts {
namespace {

fs::path shipped(const char* name) { return fs::path(FILM_SOURCE_DIR) / "configs" / name; }

TEST(ShippedSettings, YieldThePapersMixtureAfterRejects) {
  SynthSettings settings;
  resolve(settings, shipped("synth.json"), {});
  const double spares = read_json(shipped("qa_endpoint.json")).at("endpoint").at("spares").get<double>();
  std::array<std::uint64_t, kContextKinds.size()> made{};
  for (const ContextKind kind : plan_kinds(settings.contexts.kinds, settings.contexts.train))
    ++made[static_cast<std::size_t>(kind)];
  const std::array<std::uint64_t, kContextKinds.size()> paper = {1'100'000, 300'000, 150'000};
  for (std::size_t k = 0; k < made.size();
       ++k)  // as film qa counts those that it wants: spares are rounded down
    EXPECT_EQ(made[k] - static_cast<std::uint64_t>(std::floor(spares * static_cast<double>(made[k]))),
              paper[k])
        << name_of(kContextKinds[k]);
  EXPECT_EQ(settings.contexts.target.min, 4096u);
  EXPECT_EQ(settings.contexts.target.max, 32000u);
  EXPECT_EQ(settings.contexts.questions_per_context, 1u);
  EXPECT_EQ(settings.corpus.segment.tokens, 128u);
  EXPECT_EQ(settings.corpus.segment.max_tokens, 0u) << "the paper cuts no line";
}

}  // namespace
}  // namespace film::contexts

// film synth --dry-run: what a small corpus gives is counted, what a large one gives is near, and nothing is written.
#include <gmock/gmock.h>

#include "../support/synth_case.h"

namespace film::contexts {
namespace {

using support::SynthCase;
using testing::HasSubstr;

std::uint64_t size_of_folder(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

TEST(SynthPlan, OfASmallCorpusIsWhatIsMade) {
  for (const std::uint32_t tokens : {32u, 64u, 200u}) {
    SynthCase c;
    c.settings.corpus.segment.tokens = tokens;
    const std::uint64_t before = size_of_folder(c.folder.path());
    const SynthPlan plan = plan_synth(c.settings, c.folder / "data");
    EXPECT_EQ(size_of_folder(c.folder.path()), before);
    EXPECT_FALSE(fs::exists(c.folder / "data"));
    const SynthFacts facts = c.run("data");
    EXPECT_EQ(plan.corpus.sampled, 1);
    EXPECT_EQ(plan.corpus.documents, facts.corpus.all.documents);
    EXPECT_EQ(plan.corpus.segments, facts.corpus.all.segments);
    EXPECT_EQ(plan.corpus.tokens, facts.corpus.all.tokens);
    EXPECT_EQ(plan.contexts, facts.contexts.all.contexts);
    const auto store =
                   size_of_folder(c.folder / "data/segments") + size_of_folder(c.folder / "data/documents"),
               contexts = size_of_folder(c.folder / "data/contexts");
    EXPECT_NEAR(static_cast<double>(plan.store_bytes), static_cast<double>(store),
                0.05 * static_cast<double>(store));
    EXPECT_NEAR(static_cast<double>(plan.recipe_bytes), static_cast<double>(contexts),
                0.5 * static_cast<double>(contexts));
  }
}

TEST(SynthPlan, OfALargeCorpusIsNear) {
  SynthCase c;
  Random random(1, "large");
  std::vector<std::string> inputs;
  for (int f = 0; f < 40; ++f) {
    std::string lines;
    for (int i = 0; i < 700; ++i) lines += to_line(Json{{"text", support::random_text(random, 20)}}) + "\n";
    inputs.push_back(c.folder.put("many/f" + std::to_string(f) + ".jsonl", lines).string());
  }
  c.settings.corpus.inputs = inputs;
  const SynthPlan plan = plan_synth(c.settings, "data");
  EXPECT_LT(plan.corpus.sampled, 0.9);
  EXPECT_NEAR(static_cast<double>(plan.corpus.documents), 40 * 700, 0.1 * 40 * 700);
  EXPECT_THAT(plan_text(plan), HasSubstr("estimated from"));
}

}  // namespace
}  // namespace film::contexts

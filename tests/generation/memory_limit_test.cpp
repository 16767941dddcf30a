// Questions are decoded in groups that fit the memory, and refused where not even one does.
#include <gtest/gtest.h>

#include <algorithm>

#include "../model/random_model.h"
#include "../support/failure.h"
#include "film/generation/cached_model.h"
#include "generation/rated_pack.h"

namespace film::generation {
namespace {

using engine::Prompt;
using text::TokenIds;

constexpr int kNewTokens = 30000;  // planned for each question: 9 MiB of the small model's cache
constexpr std::size_t kMade = 6;   // ids, then the caller ends the answer
constexpr std::size_t kQuestions = 9;

class MemoryLimit : public ::testing::Test {
 protected:
  MemoryLimit() {
    for (std::size_t i = 0; i < kQuestions; ++i)
      prompts_.push_back({prefix_, TokenIds(1 + i % 4, static_cast<text::TokenId>(3 + i)), i});
  }

  // Bytes with which `open` questions fit, and half a question more.
  std::uint64_t limit_for(std::int64_t open) const {
    const engine::MemoryBytes bytes = memory_of(at::kCPU);
    const auto total = [&](std::int64_t questions) {
      const engine::AskingShape shape{
          .context = 7, .questions = questions, .question = 4, .new_tokens = kNewTokens};
      return engine::plan_asking(config_, engine::Precision::float32, shape, UINT64_MAX, 0, bytes.kind)
          .total();
    };
    const std::uint64_t own = static_cast<std::uint64_t>(weights_.flat.nbytes());
    return bytes.taken - own + total(open) + (total(2) - total(1)) / 2;
  }

  // What is made, and how many answers were open at one time at most.
  std::vector<TokenIds> made(std::uint64_t limit, std::size_t& most_open) {
    CachedModel model(config_, weights_, {}, limit);
    std::vector<std::size_t> lengths(kQuestions);
    most_open = 0;
    engine::Decoding decoding{.max_new_tokens = kNewTokens};
    decoding.ends = [&](std::size_t prompt, const TokenIds& ids) {
      lengths[prompt] = ids.size();
      const auto open = std::ranges::count_if(lengths, [](std::size_t n) { return n > 0 && n < kMade; });
      most_open = std::max(most_open, static_cast<std::size_t>(open));
      return ids.size() == kMade;
    };
    std::vector<TokenIds> lists;
    for (const engine::Completion& completion : model.generate(prompts_, decoding))
      lists.push_back(completion.ids);
    return lists;
  }

  engine::ModelConfig config_ = testing::small_config();
  model::ModelTensors weights_ = testing::random_model(config_, at::kFloat);
  TokenIds prefix_ = {1, 5, 9, 30, 2, 7, 7};
  std::vector<Prompt> prompts_;
};

TEST_F(MemoryLimit, GroupsThatFitGiveTheSameAnswers) {
  std::size_t open = 0;
  const std::vector<TokenIds> all = made(0, open);
  EXPECT_EQ(open, kQuestions);
  for (const std::int64_t fits : {1, 2, 4}) {
    EXPECT_EQ(made(limit_for(fits), open), all);
    EXPECT_EQ(open, static_cast<std::size_t>(fits));
  }
}

TEST_F(MemoryLimit, NotEvenOneIsRefusedBeforeAnythingIsTaken) {
  std::size_t open = 0;
  for (const std::uint64_t limit : {std::uint64_t{1}, limit_for(1) / 2}) {
    const std::string said = support::failure_of([&] { made(limit, open); });
    EXPECT_TRUE(said.starts_with("78 asking this model needs ")) << said;
    EXPECT_NE(said.find("alone needs"), std::string::npos) << said;
    EXPECT_EQ(open, 0u);
  }
}

// Rating reads whole prompts in one pass: its plan is held against the same limit.
TEST_F(MemoryLimit, RatingIsRefusedBeforeAnythingIsTaken) {
  struct Case {
    const char* what;
    std::vector<Prompt> prompts;
    std::vector<TokenIds> choices;
  };
  const TokenIds context(600, 11);
  std::vector<Case> cases = {{"one long prompt", {{{}, TokenIds(900, 4), 0}}, {{5, 6}}},
                             {"choices of one question", {}, {}},
                             {"questions without a prefix", {}, {}}};
  for (text::TokenId i = 0; i < 40; ++i) {
    cases[1].prompts.push_back({context, {9, 8, 7}, 0});
    cases[1].choices.push_back({static_cast<text::TokenId>(3 + i % 20), 2, 1});
    cases[2].prompts.push_back({{}, TokenIds(20, static_cast<text::TokenId>(3 + i % 20)), 0});
    cases[2].choices.push_back({1, 2});
  }
  for (const Case& c : cases) {
    const engine::AskingShape shape{.rated = most_rows(rated_packs(c.prompts, c.choices))};
    const engine::MemoryBytes bytes = memory_of(at::kCPU);
    const engine::AskingPlan plan =
        engine::plan_asking(config_, engine::Precision::float32, shape, UINT64_MAX, 0, bytes.kind);
    const std::uint64_t base = bytes.taken - static_cast<std::uint64_t>(weights_.flat.nbytes()),
                        temporaries = plan.items.back().bytes;
    const auto rate = [&](std::uint64_t limit) {
      CachedModel model(config_, weights_, {}, limit);
      EXPECT_EQ(model.log_likelihood(c.prompts, c.choices).size(), c.prompts.size());
    };
    EXPECT_EQ(support::failure_of([&] { rate(base + plan.total() + temporaries / 4); }), "no error")
        << c.what;
    const std::string said = support::failure_of([&] { rate(base + plan.total() - temporaries / 4); });
    EXPECT_TRUE(said.starts_with("78 asking this model needs ")) << c.what << ": " << said;
    EXPECT_NE(said.find(" alone needs "), std::string::npos) << c.what << ": " << said;
  }
}

}  // namespace
}  // namespace film::generation

// What film qa would ask, before it asks: against a count of the same requests by hand.
#include "film/questions/asking_cost.h"

#include <gtest/gtest.h>

#include <numeric>

#include "../support/small_data.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"

namespace film::questions {
namespace {

// Contexts of four segments; every third asks about three of them as one, the others about one or two.
folders::DataFolder asked_data(const fs::path& folder, std::uint32_t contexts) {
  support::SmallData data;
  for (std::uint32_t s = 0; s < 4 * contexts; ++s)
    data.texts.push_back("Segment " + std::to_string(s) + std::string(s % 7, 'x') + " of a long road.");
  for (std::uint32_t id = 0; id < contexts; ++id) {
    Context context;
    context.kind = id % 3 == 2 ? ContextKind::integration : ContextKind::fine_grained;
    context.segments = {4 * id, 4 * id + 1, 4 * id + 2, 4 * id + 3};
    context.evidence = id % 3 == 2 ? std::vector<std::uint32_t>{0, 1, 3} : std::vector<std::uint32_t>{2};
    if (id % 3 == 1) context.evidence = {0, 2};
    data.contexts.push_back(context);
  }
  return support::write_small_data(folder, data);
}

class AskingCostTest : public testing::Test {
 protected:
  QaSettings settings() {
    write_file(folder_ / "one.txt", "Write a question about this:\n{evidence}\nAs JSON.");
    write_file(folder_ / "several.txt", "About these pieces:\n{evidence}");
    write_file(folder_ / "banned.txt", "");
    QaSettings settings;
    settings.generator = GeneratorKind::endpoint;
    settings.endpoint.server.model = "m";
    settings.endpoint.server.max_tokens = 100;
    settings.endpoint.prompts = {(folder_ / "one.txt").string(), (folder_ / "several.txt").string(),
                                 (folder_ / "banned.txt").string()};
    return settings;
  }
  support::TempFolder folder_;
};

TEST_F(AskingCostTest, CountsEveryRequestAndItsTokens) {
  const folders::DataFolder data = asked_data(folder_ / "data", 30);
  const text::Tokenizer tokenizer = data.tokenizer();
  const AskingCost cost = asking_cost(data, settings(), 0);
  ASSERT_EQ(cost.kinds.size(), 2u);
  EXPECT_EQ(cost.kinds[0].contexts, 20u);
  EXPECT_EQ(cost.kinds[0].requests, 30u) << "one or two pieces of evidence, a request each";
  EXPECT_EQ(cost.kinds[1].requests, 10u) << "several pieces, one request";
  std::uint64_t tokens = 0;
  for (const Context& context : data.contexts())
    if (context.kind == ContextKind::fine_grained)
      for (const std::string& text : data.segment_texts(context, context.evidence, tokenizer))
        tokens += tokenizer.encode("Write a question about this:\n" + text + "\nAs JSON.").size();
  EXPECT_EQ(cost.kinds[0].prompt_tokens, tokens);
  EXPECT_EQ(cost.most_answer_tokens(), 40u * 100u);
}

TEST_F(AskingCostTest, SettingsAndLimitCount) {
  const folders::DataFolder data = asked_data(folder_ / "data", 30);
  QaSettings one = settings();
  one.per_context = 1;
  EXPECT_EQ(asking_cost(data, one, 0).requests(), 30u);
  EXPECT_EQ(asking_cost(data, one, 4).requests(), 4u);
  one.endpoint.server.price_in = 10;
  one.endpoint.server.price_out = 30;
  one.endpoint.server.requests_per_minute = 60;
  const AskingCost cost = asking_cost(data, one, 0);
  EXPECT_DOUBLE_EQ(cost.cost_of_prompts(), static_cast<double>(cost.prompt_tokens()) * 10 / 1e6);
  EXPECT_DOUBLE_EQ(cost.most_cost() - cost.cost_of_prompts(), 30 * 100 * 30 / 1e6);
  EXPECT_DOUBLE_EQ(cost.minutes, 0.5);
  const std::string text = asking_cost_text(cost);
  EXPECT_NE(text.find("at most 0.1"), std::string::npos) << text;
  EXPECT_NE(text.find("at least 30 s"), std::string::npos) << text;
  one.endpoint.server.tokens_per_minute = 100;
  EXPECT_GT(asking_cost(data, one, 0).minutes, 30);
}

TEST_F(AskingCostTest, ManyContextsAreEstimatedFromSome) {
  const folders::DataFolder data = asked_data(folder_ / "data", 900);
  const AskingCost some = asking_cost(data, settings(), 0);
  EXPECT_EQ(some.requests(), 300u + 600u + 300u);
  const auto tokens = static_cast<double>(some.prompt_tokens());
  const AskingCost tenth = asking_cost(data, settings(), 90);
  EXPECT_NEAR(tokens / 10, static_cast<double>(tenth.prompt_tokens()), tokens / 10 * 0.1);
}

TEST_F(AskingCostTest, NothingIsAskedByRules) {
  const folders::DataFolder data = asked_data(folder_ / "data", 3);
  QaSettings offline = settings();
  offline.generator = GeneratorKind::offline;
  EXPECT_THROW(asking_cost(data, offline, 0), Error);
}

}  // namespace
}  // namespace film::questions

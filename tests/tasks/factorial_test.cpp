// Every question at every depth, length and filler; and the same contexts without their evidence.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/base/words.h"
#include "film/tasks/build.h"

namespace film::tasks {
namespace {

class FactorialTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string rows, fillers;
    for (int i = 0; i < 8; ++i)
      rows += to_line(Json{{"question", "Which colour has boat " + std::to_string(i) + "?"},
                           {"answers", "shade" + std::to_string(i)},
                           {"evidence",
                            "Boat " + std::to_string(i) + " was painted shade" + std::to_string(i) + "."}}) +
              "\n";
    for (int i = 0; i < 60; ++i)
      fillers += "Paragraph " + std::to_string(i) +
                 (i % 3 == 0 ? " on a boat that was painted" : " on grain and wind") + " with shade" +
                 std::to_string(i % 20) + "0 beside it.\n\n";
    write_file(folder_.path() / "rows.jsonl", rows);
    write_file(folder_.path() / "fillers.txt",
               fillers + "It says shade3 here.\n\nLong ago: boat 2 was painted black.\n");
    settings_.factorial.file = (folder_.path() / "rows.jsonl").string();
    settings_.factorial.fillers = (folder_.path() / "fillers.txt").string();
    settings_.factorial.lengths = {60, 120};
    settings_.factorial.depths = 3;
    settings_.factorial.grades = {"random", "topic", "near_miss"};
  }
  Task build(const std::string& name) const {
    check(settings_);
    const LineTokens words = [](std::string_view line) {
      return static_cast<std::uint32_t>(count_words(line)) + 1;
    };
    return build_task(name, Catalog({}), {.settings = settings_, .tokens = words});
  }
  static std::multiset<std::string> pieces(const ContextItems& context) {
    const Passage passage = context.open();
    return {passage.pieces.begin(), passage.pieces.end()};
  }

  support::TempFolder folder_;
  Settings settings_;
};

TEST_F(FactorialTest, OnlyThePlaceOfTheEvidenceChanges) {
  const Task task = build("factorial");
  EXPECT_EQ(task.item_count(), 2u * 3 * 8 * 3);
  std::map<std::string, std::multiset<std::string>> at_first_depth;
  std::string last;
  for (const ContextItems& context : task.contexts) {
    const Item& item = context.items.at(0);
    EXPECT_LT(last, item.id) << "ids ascend";
    last = item.id;
    const Passage passage = context.open();
    ASSERT_EQ(passage.pieces.size(), item.evidence->slots);
    EXPECT_NE(passage.pieces[item.evidence->slot].find(item.answers[0] + "."), std::string::npos);
    EXPECT_EQ(count_word(passage.text(), item.answers[0]), 1u) << "nothing else tells the answer";
    if (item.design->item == 2) {
      EXPECT_EQ(passage.text().find("painted black"), std::string::npos);
    }
    const std::uint32_t places[] = {0, (item.evidence->slots - 1 + 1) / 2, item.evidence->slots - 1};
    EXPECT_EQ(item.evidence->slot, places[item.design->depth]);
    const auto [first, is_new] =
        at_first_depth.emplace(item.id.substr(0, item.id.rfind('-')), pieces(context));
    EXPECT_EQ(pieces(context), first->second) << item.id;
    EXPECT_LE(count_words(passage.text()) + passage.pieces.size(), item.design->tokens);
  }
}

TEST_F(FactorialTest, FillersAreOfTheirGrade) {
  std::map<Filler, std::size_t> boats, evidence, all;
  for (const ContextItems& context : build("factorial").contexts) {
    const Item& item = context.items[0];
    if (item.design->depth != 0 || item.design->tokens != 120) continue;
    const Passage passage = context.open();
    for (std::size_t p = 1; p < passage.pieces.size(); ++p) {
      boats[item.design->filler] += passage.pieces[p].find("boat") != std::string::npos;
      evidence[item.design->filler] += passage.pieces[p].starts_with("Boat");
      ++all[item.design->filler];
    }
  }
  EXPECT_GT(boats[Filler::topic] * all[Filler::random], boats[Filler::random] * all[Filler::topic]);
  EXPECT_EQ(evidence[Filler::near_miss], 8u * 7) << "the evidence of all other questions";
}

TEST_F(FactorialTest, TwinsLackTheirEvidenceAlone) {
  const Task with = build("factorial"), without = build("unanswerable");
  ASSERT_EQ(with.contexts.size(), without.contexts.size());
  EXPECT_EQ(without.metric, "abstains");
  for (std::size_t c = 0; c < with.contexts.size(); ++c) {
    const Item &item = with.contexts[c].items[0], &twin = without.contexts[c].items[0];
    std::vector<std::string> kept = with.contexts[c].open().pieces;
    kept.erase(kept.begin() + item.evidence->slot);
    EXPECT_EQ(without.contexts[c].open().pieces, kept);
    EXPECT_EQ(twin.question, item.question);
    EXPECT_EQ(twin.design->depth, item.design->depth);
  }
}

TEST_F(FactorialTest, QuestionsThatAreAskedAlikeDoNotContradict) {
  std::string rows;
  for (const char* colour : {"red", "green", "amber"})
    rows += to_line(Json{{"question", "Which colour?"},
                         {"answers", colour},
                         {"evidence", std::string("It is ") + colour}}) +
            "\n";
  write_file(folder_.path() / "rows.jsonl", rows);
  settings_.factorial.grades = {"near_miss"};
  for (const ContextItems& context : build("factorial").contexts)
    EXPECT_EQ(count_word(context.open().text(), "It is"), 1u);
}

TEST_F(FactorialTest, ContradictingFillersSayItOfOthers) {
  settings_.factorial.grades = {"random", "contradicting"};
  settings_.factorial.contradictions = 2;
  const Task task = build("factorial"), twins = build("unanswerable");
  EXPECT_EQ(task.item_count(), 2u * 2 * 8 * 3);
  // Pieces that speak of a boat, and are not the evidence of any question.
  const auto made = [](const Passage& passage) {
    return std::ranges::count_if(passage.pieces, [](const std::string& piece) {
      return piece.starts_with("Boat") &&
             piece != "Boat " + piece.substr(5, 1) + " was painted shade" + piece.substr(5, 1) + ".";
    });
  };
  std::size_t seen = 0;
  for (std::size_t c = 0; c < task.contexts.size(); ++c) {
    const Item& item = task.contexts[c].items[0];
    if (item.design->filler != Filler::contradicting) continue;
    const Passage passage = task.contexts[c].open();
    EXPECT_EQ(made(passage), 2);
    EXPECT_EQ(count_word(passage.text(), item.answers[0]), 1u);
    EXPECT_EQ(count_word(passage.text(), "Boat " + std::to_string(item.design->item)), 1u);
    EXPECT_EQ(made(twins.contexts[c].open()), 2);
    ++seen;
  }
  EXPECT_EQ(seen, 2u * 8 * 3);
  EXPECT_EQ(task.notes["contradicting"]["pieces"], 16);
}

TEST_F(FactorialTest, QuestionsWithoutAContradictionAreLeftOutAmongThemAndNamed) {
  std::string rows;
  for (const char* row :
       {"Which colour has boat 1?|red|Boat 1 is red.", "Which colour has boat 2?|green|Boat 2 is green.",
        "What is the secret colour?|amber|The secret colour is amber."}) {
    const auto parts = split(row, "|");
    rows += to_line(Json{{"question", parts[0]}, {"answers", parts[1]}, {"evidence", parts[2]}}) + "\n";
  }
  write_file(folder_.path() / "rows.jsonl", rows);
  settings_.factorial.grades = {"random", "contradicting"};
  const Task task = build("factorial");
  EXPECT_EQ(task.item_count(), 2u * (3 + 2) * 3);
  const std::string why = "without a contradicting filler: the question names no subject of its evidence";
  EXPECT_EQ(task.notes["left_out"][why], 1);
  EXPECT_EQ(task.notes["contradicting"]["questions without"], Json({"What is the secret colour?"}));
  settings_.factorial.grades = {"contradicting"};
  write_file(folder_.path() / "rows.jsonl", rows.substr(rows.rfind('\n', rows.size() - 2) + 1));
  EXPECT_NE(support::failure_of([&] {
              build("factorial");
            }).find("none of the questions has a contradicting filler"),
            std::string::npos);
}

TEST_F(FactorialTest, WrongInputIsNamed) {
  const auto failure = [&](const auto& change) {
    const Settings kept = settings_;
    change();
    const std::string said = support::failure_of([&] { build("factorial"); });
    settings_ = kept;
    return said;
  };
  FactorialSettings& f = settings_.factorial;
  EXPECT_NE(failure([&] { f.grades = {"random", "nearby"}; }).find("no grade \"nearby\""), std::string::npos);
  EXPECT_NE(failure([&] { f.lengths = {}; }).find("factorial.lengths"), std::string::npos);
  EXPECT_NE(failure([&] { f.lengths = {3}; }).find("factorial.lengths"), std::string::npos);
  EXPECT_NE(failure([&] { f.fillers = ""; }).find("factorial.fillers"), std::string::npos);
  EXPECT_NE(failure([&] { f.lengths = {16}; }).find("raise factorial.lengths"), std::string::npos);
  write_file(folder_.path() / "rows.jsonl", "{\"question\":\"q\",\"answers\":[],\"evidence\":\"e\"}\n");
  EXPECT_NE(failure([] {}).find("no answer or no evidence"), std::string::npos);
}

}  // namespace
}  // namespace film::tasks

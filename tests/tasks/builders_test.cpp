#include <gmock/gmock.h>

#include <map>

#include "../support/failure.h"
#include "../support/probe_material.h"
#include "film/base/error.h"

namespace film::tasks {
namespace {

using testing::tokens_of_line;
using BuildersTest = testing::ProbeMaterial;

std::string quote_of(const Task& task, const Item& item) {
  if (task.name == "database") {
    const std::string id = item.question.substr(item.question.rfind(' ') + 1);
    return "<id: " + id.substr(0, id.size() - 1) + ",";
  }
  const std::size_t first = item.question.find('"'), last = item.question.rfind('"');
  return item.question.substr(first + 1, last - first - 1);
}

TEST_F(BuildersTest, EveryQuestionHasItsEvidenceOnceInItsSlot) {
  for (const std::string name : {"document", "code", "database"}) {
    const Task task = build(name);
    EXPECT_GT(task.item_count(), 100u) << name;
    for (const ContextItems& context : task.contexts)
      for (const Item& item : context.items) {
        const Passage passage = context.open();
        const std::string text = passage.text(), quote = quote_of(task, item);
        const std::size_t at = text.find(quote);
        ASSERT_NE(at, std::string::npos) << name << ": " << quote;
        EXPECT_EQ(text.find(quote, at + 1), std::string::npos) << name << ": " << quote;
        EXPECT_EQ(item.evidence->slots, passage.pieces.size());
        const std::string& piece = passage.pieces[item.evidence->slot];
        EXPECT_NE(piece.find(quote), std::string::npos);
        for (const std::string& answer : item.answers)
          EXPECT_NE(piece.find(answer), std::string::npos) << answer;
      }
  }
}

TEST_F(BuildersTest, ContextsNeverPassTheirLengthAndAreNearlyFull) {
  for (const std::string name : {"document", "code", "database"}) {
    const Task task = build(name);
    for (const ContextItems& context : task.contexts) {
      std::uint32_t tokens = 0;
      std::string text = context.open().text() + "\n";
      for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1)
        tokens += tokens_of_line(std::string_view(text).substr(begin, text.find('\n', begin) - begin));
      EXPECT_LE(tokens, 400u);
      EXPECT_GE(tokens, 370u);
    }
  }
}

TEST_F(BuildersTest, SlotsAreUniform) {
  settings_.database.contexts = 400;
  settings_.database.items = 8000;  // twenty a context
  const Task task = build("database");
  std::map<std::size_t, double> counts, fair;
  for (const ContextItems& context : task.contexts)
    for (const Item& item : context.items) {
      ++counts[static_cast<std::size_t>(item.evidence->depth() * 10)];
      for (std::uint32_t s = 0; s < item.evidence->slots; ++s)
        fair[static_cast<std::size_t>((s + 0.5) / item.evidence->slots * 10)] += 1.0 / item.evidence->slots;
    }
  for (const auto& [bin, count] : counts) EXPECT_NEAR(count / fair[bin], 1, 0.06) << bin;
  EXPECT_EQ(counts.size(), 10u);
}

TEST_F(BuildersTest, AskedSlotsAreUniformWhenFewAreAsked) {
  settings_.database.contexts = 3000;
  settings_.database.items = 3000;  // one a context
  std::map<std::size_t, double> counts;
  std::map<std::string, double> ids;
  for (const ContextItems& context : build("database").contexts)
    for (const Item& item : context.items) {
      ++counts[static_cast<std::size_t>(item.evidence->depth() * 5)];
      ++ids[item.question];
    }
  for (const auto& [bin, count] : counts) EXPECT_NEAR(count / 3000, 0.2, 0.03) << bin;
  EXPECT_EQ(ids.size(), 90u);
}

TEST_F(BuildersTest, DeterministicBySeed) {
  const auto text_of = [](const Task& task) {
    std::string all = to_line(task.notes);
    for (const ContextItems& context : task.contexts) {
      all += context.open().text();
      for (const Item& item : context.items) all += item.id + item.question;
    }
    return all;
  };
  for (const std::string name : {"document", "code", "database"}) {
    settings_.seed = 1;
    const std::string first = text_of(build(name));
    EXPECT_EQ(text_of(build(name)), first);
    settings_.seed = 2;
    EXPECT_NE(text_of(build(name)), first);
  }
}

// Prose is often wrapped: a sentence goes on over the line break, and ends with its paragraph.
TEST_F(BuildersTest, WrappedSentencesAreWhole) {
  const fs::path source = folder_ / "wrapped";
  fs::create_directories(source);
  std::ofstream file(source / "a.txt");
  for (int n = 0; n < 60; ++n)
    file << "Sentence number " << n
         << " begins on this line of the file and goes on\nbehind the break until item " << n
         << " ends it here.\n\nA heading without an end\n\n";
  file.close();
  settings_.document.source = source.string();
  const Task task = build("document");
  EXPECT_EQ(task.notes.at("sentences"), 60);
  for (const ContextItems& context : task.contexts)
    for (const std::string& piece : context.open().pieces)
      EXPECT_EQ(piece.find("heading"), std::string::npos) << piece;
}

TEST_F(BuildersTest, AmbiguousQuotesAreLeftOutAndCounted) {
  settings_.code.source = (folder_ / "code" / "twins.py").string();
  settings_.code.items = 10;
  settings_.code.contexts = 1;
  const Task task = build("code");
  EXPECT_EQ(task.item_count(), 0u);
  EXPECT_EQ(task.notes["left_out"]["ambiguous"], 10);
}

TEST_F(BuildersTest, PythonFunctionsAreCutAsExpected) {
  const Task task = build("code");
  EXPECT_EQ(task.notes["functions"], 90);
  EXPECT_EQ(task.notes["left_out"]["name used before"], 1);
  bool seen = false;
  for (const std::string& piece : task.contexts[0].open().pieces)
    if (piece.starts_with("def method_")) {
      seen = true;
      EXPECT_EQ(piece.find("Doc"), std::string::npos) << piece;
      EXPECT_EQ(piece.find('#'), std::string::npos) << piece;
      EXPECT_NE(piece.find("\n    alpha = "), std::string::npos) << piece;
      EXPECT_NE(piece.find("\n    return beta_value"), std::string::npos) << piece;
    }
  EXPECT_TRUE(seen);
}

TEST_F(BuildersTest, RowsAreCleanedAndCounted) {
  const Task task = build("database");
  EXPECT_EQ(task.notes["rows"], 90);
  EXPECT_EQ(task.notes["left_out"]["id used before"], 1);
  EXPECT_EQ(task.notes["left_out"]["length"], 1);
  for (const std::string& piece : task.contexts[0].open().pieces)
    EXPECT_EQ(piece.find_first_of("[]"), std::string::npos);
  EXPECT_NE(task.contexts[0].open().pieces[0].find("label: Label, no. "), std::string::npos);
}

TEST_F(BuildersTest, AJsonlTableIsTheSameTable) {
  const Task csv = build("database");
  std::ofstream file(folder_ / "rows.jsonl");
  for (int r = 0; r < 90; ++r) {
    const std::string n = std::to_string(r);
    file << to_line({{"qid", "Q" + n},
                     {"name", "Label, [no. " + n + "]"},
                     {"what", "thing \"number\" " + n + " of the list"}})
         << "\n";
  }
  file.close();
  settings_.database.source = (folder_ / "rows.jsonl").string();
  settings_.database.id_key = "qid";
  settings_.database.label_key = "name";
  settings_.database.description_key = "what";
  const Task jsonl = build("database");
  ASSERT_EQ(jsonl.contexts.size(), csv.contexts.size());
  for (std::size_t c = 0; c < csv.contexts.size(); ++c)
    EXPECT_EQ(jsonl.contexts[c].open().text(), csv.contexts[c].open().text());
}

TEST_F(BuildersTest, ErrorsNameTheSetting) {
  const auto message = [&](const char* name) { return support::failure_of([&] { build(name); }); };
  settings_.document.source = "";
  EXPECT_NE(message("document").find("document.source is not set"), std::string::npos);
  settings_.code.source = (folder_ / "text").string();
  EXPECT_NE(message("code").find(".py"), std::string::npos);
  settings_.database.label_key = "nam";
  EXPECT_NE(message("database").find("the header names id, label, description"), std::string::npos);
  settings_.database.label_key = "label";
  settings_.database.context_tokens = 16;
  EXPECT_NE(message("database").find("database.context_tokens is 16"), std::string::npos);
}

TEST_F(BuildersTest, SentencesOfOtherLengthsAreUsedWithAWarningOrNamed) {
  std::string text = "Rain. ";
  for (int i = 0; i < 20; ++i)
    text += "The potter carries " + std::to_string(i) + " warm bowls up to the old mill at noon. ";
  const fs::path source = folder_ / "short.txt";
  write_file(source, text);
  settings_.document.source = source.string();
  settings_.document.items = 4;
  ::testing::internal::CaptureStderr();
  const Task task = build("document");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              ::testing::HasSubstr("21 sentences, none of 17 to 31 words: those of 13 to 13 are used"));
  EXPECT_EQ(task.notes.at("sentences"), 20);
  EXPECT_EQ(task.notes.at("words of a sentence"), "13 to 13");

  settings_.document.adapt = false;
  EXPECT_THAT(support::failure_of([&] { build("document"); }),
              ::testing::HasSubstr("--set document.min_words=13 --set document.max_words=13"));
  write_file(source, "Rain. More rain. It is wet.\n");
  EXPECT_THAT(support::failure_of([&] { build("document"); }), ::testing::HasSubstr("too short to quote"));
}

// The kind of a file is told by its ending, not by what is anywhere in its path.
TEST_F(BuildersTest, ATextFileBelowAFolderNamedJsonlIsText) {
  const fs::path folder = folder_ / "my.jsonl.d" / "old.csv";
  make_folder(folder);
  fs::copy(folder_ / "text" / "a.txt", folder / "a.txt");
  settings_.document.source = (folder_ / "my.jsonl.d").string();
  EXPECT_EQ(build("document").notes.at("sentences"), 120);
  fs::create_directories(folder_ / "rows.csv.d");
  std::ofstream(folder_ / "rows.csv.d" / "one.jsonl")
      << R"({"id":"Q1","label":"one","description":"first thing"})"
      << "\n"
      << R"({"id":"Q2","label":"two","description":"next"})"
      << "\n";
  settings_.database.source = (folder_ / "rows.csv.d").string();
  settings_.database.items = 2;
  settings_.database.contexts = 1;
  EXPECT_EQ(build("database").notes.at("rows"), 2);
}

TEST_F(BuildersTest, OddRowsAreLeftOutAndCounted) {
  std::ofstream(folder_ / "text" / "b.jsonl", std::ios::app) << "no json\n{\"txt\": 1}\n";
  const Task task = build("document");
  EXPECT_EQ(task.notes.at("sentences"), 160);
  EXPECT_EQ(task.notes.at("left_out").at("bad_json"), 1);
  EXPECT_EQ(task.notes.at("left_out").at("missing"), 1);
}

// Scripts without blanks have words and sentences too.
TEST_F(BuildersTest, ChineseSentencesAreQuotedByWords) {
  const fs::path source = folder_ / "chinese";
  make_folder(source);
  std::ofstream file(source / "a.txt");
  const std::vector<std::string> towns = {"北京", "上海", "广州", "成都", "西安", "杭州", "南京", "天津"};
  for (std::size_t t = 0; t < towns.size(); ++t) file << "我们去年夏天在" << towns[t] << "住了三个星期。";
  file.close();
  settings_.document.source = source.string();
  settings_.document.min_words = 6;
  settings_.document.max_words = 20;
  settings_.document.piece_words = 5;
  settings_.document.items = 8;
  settings_.document.contexts = 1;
  const Task task = build("document");
  EXPECT_EQ(task.notes.at("sentences"), 8);
  const Passage passage = task.contexts[0].open();
  for (const std::string& piece : passage.pieces) EXPECT_TRUE(piece.ends_with("。")) << piece;
  for (const Item& item : task.contexts[0].items) {
    const std::string quote = quote_of(task, item);
    EXPECT_NE(passage.pieces[item.evidence->slot].find(quote), std::string::npos) << quote;
  }
}

class In2Test : public ::testing::Test {
 protected:
  In2Test() {
    held_.example.id = 7;
    held_.example.kind = "fine_grained";
    held_.segments = 4;
    held_.example.questions = {{"q0", "a0", {2}, {{"type", "planted"}, {"extractive", true}}},
                               {"q1", "a1", {0, 3}, {}},
                               {"q2", "a2", {0}, {{"type", "planted"}, {"extractive", false}}}};
    held_.open = [this] {
      ++opened_;
      return Passage{{"a", "b", "c", "d"}};
    };
  }
  Task build(const std::vector<HeldOut>& held) const {
    return build_task("in2", Catalog({}), {.settings = settings_, .held_out = held});
  }
  Settings settings_;
  HeldOut held_;
  int opened_ = 0;
};

TEST_F(In2Test, TakesQuestionsWithOneEvidenceAndCountsTheRest) {
  HeldOut other = held_;
  other.example.kind = "integration";
  // Twice the same example id: two DATA folders number their examples by themselves.
  EXPECT_EQ(build({held_, held_}).contexts[1].items[0].id, "000001-000");
  const Task task = build({held_, other});
  ASSERT_EQ(task.item_count(), 2u);
  EXPECT_EQ(task.contexts[0].items[0].evidence->slot, 2u);
  EXPECT_EQ(task.contexts[0].items[0].evidence->slots, 4u);
  EXPECT_EQ(task.notes["extractive"], 1);
  EXPECT_EQ(task.notes["types"]["planted"], 2);
  EXPECT_EQ(task.notes["left_out"]["evidence in several places or none"], 1);
  EXPECT_THROW(build({}), Error);
}

TEST_F(In2Test, ContextsAreReadOnlyWhenTheyAreAsked) {
  settings_.in2.items = 3;
  const Task task = build({held_, held_, held_, held_});
  EXPECT_EQ(opened_, 0);
  ASSERT_EQ(task.contexts.size(), 2u);  // two questions of the first, one of the second
  EXPECT_EQ(task.contexts[1].open().text(), "a\nb\nc\nd");
  EXPECT_EQ(opened_, 1);
}

}  // namespace
}  // namespace film::tasks

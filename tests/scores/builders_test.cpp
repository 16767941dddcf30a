#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "film/base/error.h"
#include "film/base/random.h"
#include "film/scores/metrics.h"
#include "film/scores/tasks.h"

namespace film::scores {
namespace {

// One token a word and one a line break: lengths can be counted by hand.
std::uint32_t count_words(std::string_view line) {
  std::uint32_t words = 1;
  bool inside = false;
  for (const char c : line) {
    if (c != ' ' && !inside) ++words;
    inside = c != ' ';
  }
  return words;
}

class BuildersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("film_builders_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    make_folder(folder_ / "text");
    make_folder(folder_ / "code" / "deep");
    write_text();
    write_code();
    write_rows();
    settings_.document.source = (folder_ / "text").string();
    settings_.code.source = (folder_ / "code").string();
    settings_.database.source = (folder_ / "rows.csv").string();
    for (ProbeSize* size :
         {static_cast<ProbeSize*>(&settings_.document), static_cast<ProbeSize*>(&settings_.code),
          static_cast<ProbeSize*>(&settings_.database)}) {
      size->context_tokens = 400;
      size->items = 200;
      size->contexts = 10;
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write_text() {
    std::ofstream plain(folder_ / "text" / "a.txt");
    Random random(1, "test.text");
    for (int s = 0; s < 120; ++s) plain << sentence(random, s) << (s % 4 == 3 ? "\n\n" : " ");
    std::ofstream lines(folder_ / "text" / "b.jsonl");
    for (int s = 120; s < 160; ++s) lines << to_line({{"text", sentence(random, s)}}) << "\n";
  }
  static std::string sentence(Random& random, int number) {
    std::string text = "Sentence " + std::to_string(number);
    for (int w = 0; w < 18; ++w) text += " w" + std::to_string(random.below(5000));
    return text + ".";
  }
  void write_code() {
    std::ofstream file(folder_ / "code" / "deep" / "m.py");
    for (int f = 0; f < 80; ++f)
      file << "class C" << f << ":\n    async def method_" << f
           << "(self,\n            x):\n        \"\"\"Doc\n        more.\n"
           << "        \"\"\"\n        # comment\n        alpha = " << f
           << "\n\n        beta_value = alpha + " << f << "\n        return beta_value * " << f
           << "\n        pass\n";
    file << "def method_0():\n    same = 'name'\n    other = same\n    return other\n";  // a name used before
    file << "def too_short():\n    return nothing\n";
    std::ofstream twins(folder_ / "code" / "twins.py");
    for (int f = 0; f < 10; ++f)
      twins << "def twin_" << f << "():\n    x = " << f
            << "\n    common_line = shared()\n    return common_line\n";
  }
  void write_rows() {
    std::ofstream file(folder_ / "rows.csv");
    file << "\xEF\xBB\xBFid,label,description\r\n";
    for (int r = 0; r < 90; ++r)
      file << "Q" << r << ",\"Label, [no. " << r << "]\",thing \"number\" " << r << " of the list\r\n";
    file << "Q5,again,the id came before\r\n";
    file << "Q900,,no label\r\n";
  }

  Probe build(const std::string& task) { return build_probe(find_task(task), {settings_, count_words, {}}); }

  fs::path folder_;
  ProbeSettings settings_;
};

std::string quote_of(const Probe& probe, const ProbeItem& item) {
  if (probe.task == "database") {
    const std::string id = item.question.substr(item.question.rfind(' ') + 1);
    return "<id: " + id.substr(0, id.size() - 1) + ",";
  }
  const std::size_t first = item.question.find('"'), last = item.question.rfind('"');
  return item.question.substr(first + 1, last - first - 1);
}

TEST_F(BuildersTest, EveryQuestionHasItsEvidenceOnceInItsSlot) {
  for (const std::string task : {"document", "code", "database"}) {
    const Probe probe = build(task);
    EXPECT_GT(probe.item_count(), 100u) << task;
    for (const ProbeContext& context : probe.contexts)
      for (const ProbeItem& item : context.items) {
        const std::string text = context.text(), quote = quote_of(probe, item);
        const std::size_t at = text.find(quote);
        ASSERT_NE(at, std::string::npos) << task << ": " << quote;
        EXPECT_EQ(text.find(quote, at + 1), std::string::npos) << task << ": " << quote;
        EXPECT_EQ(item.slots, context.pieces.size());
        const std::string& piece = context.pieces[item.slot];
        EXPECT_NE(piece.find(quote), std::string::npos);
        for (const std::string& answer : item.expected)
          EXPECT_NE(piece.find(answer), std::string::npos) << answer;
        EXPECT_EQ(find_metric(probe.metric).score(piece, item.expected), 1) << piece;
      }
  }
}

TEST_F(BuildersTest, ContextsNeverPassTheirLengthAndAreNearlyFull) {
  for (const std::string task : {"document", "code", "database"}) {
    const Probe probe = build(task);
    for (const ProbeContext& context : probe.contexts) {
      std::uint32_t tokens = 0;
      std::string text = context.text() + "\n";
      for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1)
        tokens += count_words(std::string_view(text).substr(begin, text.find('\n', begin) - begin));
      EXPECT_LE(tokens, 400u);
      EXPECT_GE(tokens, 370u);
    }
  }
}

TEST_F(BuildersTest, SlotsAreUniform) {
  settings_.database.contexts = 400;
  settings_.database.items = 8000;  // twenty a context
  const Probe probe = build("database");
  std::map<std::size_t, double> counts, fair;
  for (const ProbeContext& context : probe.contexts)
    for (const ProbeItem& item : context.items) {
      ++counts[static_cast<std::size_t>(item.depth() * 10)];
      for (std::uint32_t s = 0; s < item.slots; ++s)
        fair[static_cast<std::size_t>((s + 0.5) / item.slots * 10)] += 1.0 / item.slots;
    }
  for (const auto& [bin, count] : counts) EXPECT_NEAR(count / fair[bin], 1, 0.06) << bin;
  EXPECT_EQ(counts.size(), 10u);
}

TEST_F(BuildersTest, AskedSlotsAreUniformWhenFewAreAsked) {
  settings_.database.contexts = 3000;
  settings_.database.items = 3000;  // one a context
  std::map<std::size_t, double> counts;
  std::map<std::string, double> ids;
  for (const ProbeContext& context : build("database").contexts)
    for (const ProbeItem& item : context.items) {
      ++counts[static_cast<std::size_t>(item.depth() * 5)];
      ++ids[item.question];
    }
  for (const auto& [bin, count] : counts) EXPECT_NEAR(count / 3000, 0.2, 0.03) << bin;
  EXPECT_EQ(ids.size(), 90u);
}

TEST_F(BuildersTest, DeterministicBySeed) {
  const auto text_of = [](const Probe& probe) {
    std::string all = to_line(probe.notes);
    for (const ProbeContext& context : probe.contexts) {
      all += context.text();
      for (const ProbeItem& item : context.items) all += item.id + item.question;
    }
    return all;
  };
  for (const std::string task : {"document", "code", "database"}) {
    settings_.seed = 1;
    const std::string first = text_of(build(task));
    EXPECT_EQ(text_of(build(task)), first);
    settings_.seed = 2;
    EXPECT_NE(text_of(build(task)), first);
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
  const Probe probe = build("document");
  EXPECT_EQ(probe.notes.at("sentences"), 60);
  for (const ProbeContext& context : probe.contexts)
    for (const std::string& piece : context.pieces)
      EXPECT_EQ(piece.find("heading"), std::string::npos) << piece;
}

TEST_F(BuildersTest, AmbiguousQuotesAreLeftOutAndCounted) {
  settings_.code.source = (folder_ / "code" / "twins.py").string();
  settings_.code.items = 10;
  settings_.code.contexts = 1;
  const Probe probe = build("code");
  EXPECT_EQ(probe.item_count(), 0u);
  EXPECT_EQ(probe.notes["left_out"]["ambiguous"], 10);
}

TEST_F(BuildersTest, PythonFunctionsAreCutAsExpected) {
  const Probe probe = build("code");
  EXPECT_EQ(probe.notes["functions"], 90);
  EXPECT_EQ(probe.notes["left_out"]["name used before"], 1);
  bool seen = false;
  for (const std::string& piece : probe.contexts[0].pieces)
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
  const Probe probe = build("database");
  EXPECT_EQ(probe.notes["rows"], 90);
  EXPECT_EQ(probe.notes["left_out"]["id used before"], 1);
  EXPECT_EQ(probe.notes["left_out"]["length"], 1);
  for (const std::string& piece : probe.contexts[0].pieces)
    EXPECT_EQ(piece.find_first_of("[]"), std::string::npos);
  EXPECT_NE(probe.contexts[0].pieces[0].find("label: Label, no. "), std::string::npos);
}

TEST_F(BuildersTest, AJsonlTableIsTheSameTable) {
  const Probe csv = build("database");
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
  const Probe jsonl = build("database");
  ASSERT_EQ(jsonl.contexts.size(), csv.contexts.size());
  for (std::size_t c = 0; c < csv.contexts.size(); ++c)
    EXPECT_EQ(jsonl.contexts[c].text(), csv.contexts[c].text());
}

TEST_F(BuildersTest, ErrorsNameTheSetting) {
  const auto message = [&](const std::string& task) {
    try {
      build(task);
    } catch (const Error& error) {
      return std::string(error.what()) + " | " + error.hint();
    }
    return std::string("no error");
  };
  settings_.document.source = "";
  EXPECT_NE(message("document").find("document.source is not set"), std::string::npos);
  settings_.code.source = (folder_ / "text").string();
  EXPECT_NE(message("code").find(".py"), std::string::npos);
  settings_.database.label_key = "nam";
  EXPECT_NE(message("database").find("it has: id, label, description"), std::string::npos);
  settings_.database.label_key = "label";
  settings_.database.context_tokens = 16;
  EXPECT_NE(message("database").find("database.context_tokens is 16"), std::string::npos);
}

TEST(In2, TakesQuestionsWithOneEvidenceAndCountsTheRest) {
  HeldOut held;
  held.example.id = 7;
  held.example.kind = "fine_grained";
  held.segments = 4;
  held.pieces = {"a", "b", "c", "d"};
  held.example.questions = {{"q0", "a0", {2}, {{"type", "planted"}, {"extractive", true}}},
                            {"q1", "a1", {0, 3}, {}},
                            {"q2", "a2", {0}, {{"type", "planted"}, {"extractive", false}}}};
  HeldOut other = held;
  other.example.kind = "integration";
  const ProbeSettings settings;
  // Twice the same example id: two DATA folders number their examples by themselves.
  EXPECT_EQ(build_probe(find_task("in2"), {settings, {}, {held, held}}).contexts[1].items[0].id,
            "000001-000");
  const Probe probe = build_probe(find_task("in2"), {settings, {}, {held, other}});
  ASSERT_EQ(probe.item_count(), 2u);
  EXPECT_EQ(probe.contexts[0].items[0].slot, 2u);
  EXPECT_EQ(probe.contexts[0].items[0].slots, 4u);
  EXPECT_EQ(probe.notes["extractive"], 1);
  EXPECT_EQ(probe.notes["types"]["planted"], 2);
  EXPECT_EQ(probe.notes["left_out"]["evidence in several places or none"], 1);
  EXPECT_THROW(build_probe(find_task("in2"), {settings, {}, {}}), Error);
}

TEST(Tasks, UnknownNamesListTheKnown) {
  try {
    find_task("in3");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("in2, document, code, database"), std::string::npos);
  }
}

}  // namespace
}  // namespace film::scores

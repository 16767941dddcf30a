#include "benchmarks/nolima.h"

#include <gmock/gmock.h>

#include <set>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "../support/test_data.h"
#include "film/base/lines.h"
#include "film/base/random.h"
#include "film/text/tokenizer.h"

namespace film::benchmarks {
namespace {

using ::testing::HasSubstr;

// Two needles of our own: one asked two ways, one with answers and a prompt of its own.
constexpr const char* kNeedles = R"([
 {"id": "0901", "reasoning_type": "place", "needle": "In spring, {CHAR} keeps bees above {1}.",
  "questions": {"onehop": "Who keeps bees in {2}?", "twohop": "Who works in {3}?"}, "character_set": ["Tove", "Aldo"],
  "tests": {"T1": {"input_args": ["Hallstatt", "Austria", "the Alps"]}, "T2": {"input_args": ["Bergen", "Norway", "a fjord"]}}},
 {"id": "0902Inv", "reasoning_type": "place", "needle": "Above {1} the bees belong to {CHAR}.",
  "task_template": "Read:\n{haystack}\nTell: {question}", "questions": {"onehop": "Where are the bees of {CHAR}?"},
  "character_set": ["Ines"], "tests": {"T1": {"input_args": ["Hallstatt"], "gold_answers": ["Austria", "Hallstatt"]}}}])";

class NolimaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"books/one.txt", "books/two.txt"}) {
      Random random(3, name);
      std::string text;
      for (int line = 0; line < 120; ++line) {
        for (std::uint64_t word = 0; word < 3 + random.below(9); ++word)
          text += "word" + std::to_string(random.below(900)) + " ";
        text.back() = '\n';
      }
      folder_.put(name, text);
    }
    settings_.benchmark = Benchmark::nolima;
    settings_.tokenizer = support::small_model();
    settings_.nolima.needles = folder_.put("needles.json", kNeedles);
    settings_.nolima.books = folder_ / "books";
    settings_.nolima.depths = 5;
    settings_.lengths = {300, 900};
  }

  std::vector<Json> rows(std::uint32_t length) {
    write_benchmark(settings_, folder_ / "out");
    std::vector<Json> found;
    for_each_record(folder_ / "out" / std::to_string(length) / "nolima.jsonl",
                    [&](const Json& row, const std::string&) { found.push_back(row); });
    return found;
  }

  support::TempFolder folder_;
  Settings settings_;
};

TEST_F(NolimaTest, EveryNeedleStandsAtEveryDepthBehindALine) {
  const auto tokenizer = text::Tokenizer::load(settings_.tokenizer);
  for (const std::uint32_t length : settings_.lengths) {
    const auto list = rows(length);
    ASSERT_EQ(list.size(), 5u * 2 * 5);  // pairs, books, depths
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto input = list[i]["input"].get<std::string>();
      const std::size_t place = i % 5, before = length * place / 4;
      EXPECT_NEAR(list[i]["slot"].get<double>(), static_cast<double>(before), 1);
      const bool own = list[i]["pair"].get<std::string>().starts_with("0902");
      const std::string lead = own ? "Read:\n" : "snippet:\n\n";
      const std::size_t begin = input.find(lead) + lead.size(),
                        needle = input.find(own ? "Above " : "In spring, ");
      // The front of the window is that many tokens, but for the line break that makes room for the needle.
      EXPECT_NEAR(static_cast<double>(tokenizer.encode(input.substr(begin, needle - begin)).size()),
                  list[i]["slot"].get<double>(), 6)
          << i;
      EXPECT_EQ(input[input.find('.', needle) + 1], '\n') << "the needle ends its line";
    }
  }
}

TEST_F(NolimaTest, QuestionsAndAnswersAreThoseOfTheFile) {
  const auto list = rows(300);
  std::set<std::string> characters;
  for (const Json& row : list) {
    const auto input = row["input"].get<std::string>(), pair = row["pair"].get<std::string>();
    if (pair == "0902Inv-T1") {
      EXPECT_TRUE(input.ends_with("\nTell: Where are the bees of Ines?")) << input;
      EXPECT_EQ(row["outputs"], Json::array({"Austria", "Hallstatt"}));
      continue;
    }
    const auto name = row["outputs"][0].get<std::string>();
    characters.insert(name);
    EXPECT_THAT(input, HasSubstr("In spring, " + name + " keeps bees above " +
                                 (pair == "0901-T1" ? "Hallstatt." : "Bergen.")));
    if (row["kind"] == "twohop") {
      EXPECT_THAT(input, HasSubstr(pair == "0901-T1" ? "Who works in the Alps?" : "Who works in a fjord?"));
    }
    EXPECT_TRUE(
        input.ends_with("\n\n Return only the final answer with no additional explanation or reasoning."));
  }
  EXPECT_EQ(characters.size(), 2u);
}

TEST_F(NolimaTest, SaysWhatIsWrong) {
  struct Fault {
    std::function<void(Settings&)> spoil;
    const char* said;
  };
  for (const Fault& fault : std::vector<Fault>{
           {[](Settings& s) { s.lengths = {60'000}; }, "no needle fits"},
           {[](Settings& s) { s.nolima.books = ""; }, "nolima.books=FOLDER"},
           {[&](Settings& s) { s.nolima.needles = folder_.put("a.json", "{}"); }, "list of needles"},
           {[&](Settings& s) { s.nolima.needles = folder_.put("b.json", "[{\"id\": \"1\"}]"); },
            "\"needle\""}}) {
    Settings settings = settings_;
    fault.spoil(settings);
    EXPECT_THAT(support::failure_of([&] {
                  settings.check();
                  write_benchmark(settings, folder_ / "spoilt");
                }),
                HasSubstr(fault.said));
  }
}

}  // namespace
}  // namespace film::benchmarks

#include "benchmarks/ruler.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "../support/test_data.h"
#include "film/base/lines.h"
#include "film/base/strings.h"
#include "film/base/words.h"
#include "film/benchmarks/benchmarks.h"

namespace film::benchmarks {
namespace {

using support::failure_of;
using ::testing::HasSubstr;

constexpr std::uint32_t kLength = 3000, kLonger = 6000;
constexpr std::uint64_t kRows = 41;

class RulerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Random random(5, "test.ruler");
    std::string essay;
    for (int s = 0; s < 400; ++s) {
      essay += "Line" + std::to_string(s);
      for (int w = 0; w < 6; ++w) essay += " " + letters(random);
      essay += s % 9 == 8 ? ".\n\n" : ". ";
    }
    settings_.ruler.essays = folder_.put("essays/one.txt", essay).parent_path();
    settings_.ruler.squad = folder_.put("squad.json", squad(random));
    settings_.ruler.hotpotqa = folder_.put("hotpot.json", hotpotqa(random));
    settings_.tokenizer = support::small_model();
    settings_.lengths = {kLength, kLonger};
    settings_.ruler.samples = kRows;
  }

  static std::string letters(Random& random) {
    std::string word(3 + random.below(5), 'a');
    for (char& c : word) c = static_cast<char>('a' + random.below(26));
    return word;
  }
  static std::string words(Random& random, int count) {
    std::string text = letters(random);
    for (int i = 1; i < count; ++i) text += " " + letters(random);
    return text;
  }
  static std::string squad(Random& random) {
    Json data = Json::array();
    for (int a = 0; a < 6; ++a) {
      Json paragraphs = Json::array();
      for (int p = 0; p < 20; ++p) {
        const std::string name = std::to_string(a) + "-" + std::to_string(p);
        paragraphs.push_back(
            {{"context", "Paragraph " + name + " says " + words(random, 12)},
             {"qas",
              {{{"question", "What does " + name + " say?"}, {"answers", {{{"text", "so " + name}}}}},
               {{"question", "Impossible?"}, {"is_impossible", true}, {"answers", Json::array()}}}}});
      }
      data.push_back({{"paragraphs", paragraphs}});
    }
    return to_line({{"data", data}});
  }
  static std::string hotpotqa(Random& random) {
    Json rows = Json::array();
    for (int q = 0; q < 30; ++q) {
      Json context = Json::array();
      for (int d = 0; d < 3; ++d)
        context.push_back(Json::array({"Title " + std::to_string(q) + std::to_string(d),
                                       Json::array({words(random, 8) + ".", " " + words(random, 4)})}));
      rows.push_back({{"question", "Q" + std::to_string(q)}, {"answer", "A"}, {"context", context}});
    }
    return to_line(rows);
  }

  std::map<std::string, std::vector<Json>> rows(std::uint32_t length = kLength) {
    if (!fs::exists(out_)) written_ = write_benchmark(settings_, out_);
    std::map<std::string, std::vector<Json>> found;
    for (const RulerTask* task : chosen_tasks(settings_.ruler))
      for_each_record(out_ / std::to_string(length) / (std::string(task->name) + ".jsonl"),
                      [&](const Json& row, const std::string&) { found[task->name].push_back(row); });
    return found;
  }

  support::TempFolder folder_;
  fs::path out_ = folder_ / "out";
  Settings settings_;
  Written written_;
};

TEST_F(RulerTest, CountsAreExactAndLengthsAreFilled) {
  const auto tokenizer = text::Tokenizer::load(settings_.tokenizer);
  for (const std::uint32_t length : settings_.lengths)
    for (const auto& [task, list] : rows(length)) {
      ASSERT_EQ(list.size(), kRows) << task;
      const auto& known = ruler_tasks();
      const int answer = std::ranges::find(known, task, &RulerTask::name)->max_new_tokens;
      for (const Json& row : list) {
        const auto prompt = row["input"].get<std::string>() + row["answer_prefix"].get<std::string>();
        const std::size_t tokens = tokenizer.encode(prompt).size() + 1 + static_cast<std::size_t>(answer);
        EXPECT_EQ(row["length"], tokens) << task;
        EXPECT_LE(tokens, length - settings_.reserve) << task;
        // A unit of the longest kind: a document, a round of words.
        EXPECT_GE(tokens, length - settings_.reserve - 330) << task << " " << row["index"];
      }
    }
}

TEST_F(RulerTest, NeedlesAreWhereRowsSayAndNowhereElse) {
  const auto tokenizer = text::Tokenizer::load(settings_.tokenizer);
  const std::map<std::string, std::size_t> values = {
      {"niah_single_1", 1},   {"niah_single_2", 1},   {"niah_single_3", 1},   {"niah_multikey_1", 1},
      {"niah_multikey_2", 1}, {"niah_multikey_3", 1}, {"niah_multivalue", 4}, {"niah_multiquery", 4}};
  const auto all = rows();
  for (const auto& [task, count] : values)
    for (const Json& row : all.at(task)) {
      const auto input = row["input"].get<std::string>();
      ASSERT_EQ(row["outputs"].size(), count) << task;
      ASSERT_EQ(row["needles"].size(), count) << task;
      for (std::size_t i = 0; i < count; ++i) {
        const auto value = row["outputs"][i].get<std::string>();
        const std::size_t at = input.find(value), begin = input.rfind("One of the special magic ", at);
        EXPECT_EQ(input.find(value, at + 1), std::string::npos) << task;
        EXPECT_EQ(row["needles"][i], tokenizer.encode(input.substr(0, begin)).size() + 1) << task;
      }
      EXPECT_EQ(row.contains("slot"), count == 1) << task;
    }
}

TEST_F(RulerTest, FortyRowsHaveFortyDepths) {
  const auto all = rows(kLonger);
  for (const char* task : {"niah_single_1", "niah_single_2", "niah_multikey_1", "niah_multikey_3", "qa_1"}) {
    std::set<std::uint64_t> places;
    double sum = 0;
    for (std::size_t i = 0; i < kDepths; ++i) {
      const Json& row = all.at(task)[i];
      const double depth = row["slot"].get<double>() / row["slots"].get<double>();
      EXPECT_TRUE(depth >= 0 && depth < 1) << task;
      places.insert(static_cast<std::uint64_t>(depth * 10));
      sum += depth;
    }
    EXPECT_EQ(places.size(), 10u) << task;  // every tenth of the context
    EXPECT_NEAR(sum / kDepths, 0.5, 0.06) << task;
  }
}

TEST_F(RulerTest, AsksInTheBenchmarksWords) {
  struct Wording {
    const char *task, *begins, *ends, *prefix;
  };
  const std::vector<Wording> wordings = {
      {"niah_single_3",
       "A special magic uuid is hidden within the following text. Make sure to memorize it. I will quiz you "
       "about "
       "the uuid afterwards.\n",
       " mentioned in the provided text?", " The special magic uuid for "},
      {"niah_multivalue",
       "Some special magic numbers are hidden within the following text. Make sure to memorize it. I will "
       "quiz you "
       "about the numbers afterwards.\n",
       " mentioned in the provided text?", " The special magic numbers for "},
      {"vt", "Memorize and track the chain(s) of variable assignment hidden in the following text.\n\n",
       " in the text above.",
       " Answer: According to the chain(s) of variable assignment in the text above, 5 variables are "
       "assgined the "
       "value "},
      {"cwe", "Below is a numbered list of words. In these words, some appear more often than others. ",
       "\nQuestion: What are the 10 most common words in the above list?",
       " Answer: The top 10 words that appear most often in the list are:"},
      {"fwe", "Read the following coded text and track the frequency of each coded word. ",
       " words in the above coded text?",
       " Answer: According to the coded text above, the three most frequently appeared words are:"},
      {"qa_2", "Answer the question based on the given documents. Only give me the answer", "Question: Q0",
       " Answer:"}};
  const auto all = rows();
  for (const Wording& w : wordings) {
    const Json& row = all.at(w.task)[0];
    const auto input = row["input"].get<std::string>();
    EXPECT_TRUE(input.starts_with(w.begins)) << w.task << ": " << input.substr(0, 200);
    EXPECT_TRUE(input.ends_with(w.ends)) << w.task << ": " << input.substr(input.size() - 200);
    EXPECT_TRUE(row["answer_prefix"].get<std::string>().starts_with(w.prefix)) << w.task;
  }
  const auto query = all.at("niah_multiquery")[3]["input"].get<std::string>();
  EXPECT_THAT(query.substr(query.rfind('\n')),
              ::testing::MatchesRegex(".What are all the special magic numbers for [a-z]+-[a-z]+, "
                                      "[a-z]+-[a-z]+, [a-z]+-[a-z]+, and [a-z]+-[a-z]+ "
                                      "mentioned in the provided text\\?"));
}

// The text between two marks.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t at = text.rfind(begin) + begin.size();
  return text.substr(at, text.find(end, at) - at);
}

std::map<std::string, int> counts(const std::string& text, bool numbered) {
  std::map<std::string, int> found;
  for (const std::string_view word : split_words(text))
    if (!numbered || !word.ends_with('.')) ++found[std::string(word)];
  return found;
}

TEST_F(RulerTest, AnswersFollowFromTheTexts) {
  const auto all = rows();
  for (std::size_t i = 0; i < 5; ++i) {
    const auto chain = all.at("vt")[i]["input"].get<std::string>();
    const std::string text = between(chain, "hidden in the following text.\n\n", "\nQuestion: ");
    std::string name = "VAR " + all.at("vt")[i]["outputs"][0].get<std::string>() + " = ";
    EXPECT_THAT(text, HasSubstr(name + between(chain, "assigned the value ", " in the text above")));
    for (std::size_t hop = 1; hop < 5; ++hop)
      EXPECT_THAT(text, HasSubstr("VAR " + all.at("vt")[i]["outputs"][hop].get<std::string>() + " = VAR " +
                                  all.at("vt")[i]["outputs"][hop - 1].get<std::string>() + " "));
    const auto list = all.at("cwe")[i]["input"].get<std::string>();
    const auto common = counts(between(list, "appear most often.\n", "\nQuestion: "), true);
    const auto answers = all.at("cwe")[i]["outputs"].get<std::set<std::string>>();
    for (const auto& [word, count] : common) EXPECT_EQ(count, answers.contains(word) ? 6 : 1) << word;
    const auto coded = counts(
        between(all.at("fwe")[i]["input"].get<std::string>(), "appeared coded words. ", "\nQuestion: "),
        false);
    int last = coded.at("...");
    for (const Json& word : all.at("fwe")[i]["outputs"]) {
      EXPECT_LT(coded.at(word), last);
      last = coded.at(word);
    }
    EXPECT_EQ(std::ranges::count_if(coded, [&](const auto& each) { return each.second >= last; }), 4);
  }
  for (const Json& row : all.at("qa_1")) {
    const auto name = row["outputs"][0].get<std::string>().substr(3);
    EXPECT_THAT(row["input"].get<std::string>(), HasSubstr("Paragraph " + name + " says"));
    EXPECT_TRUE(row["input"].get<std::string>().ends_with("What does " + name + " say?"));
  }
}

TEST_F(RulerTest, IsTheSameForAnyNumberOfThreadsAndEverySeedIsAnother) {
  settings_.ruler.samples = 6;
  settings_.lengths = {kLength};
  std::map<std::string, std::string> bytes;
  for (const auto& [name, threads, seed] :
       {std::tuple{"one", 1, 42}, std::tuple{"three", 3, 42}, std::tuple{"other", 2, 43}}) {
    settings_.threads = static_cast<std::uint32_t>(threads);
    settings_.seed = static_cast<std::uint64_t>(seed);
    for (const fs::path& file : write_benchmark(settings_, folder_ / name).files)
      bytes[name] += read_file(folder_ / name / file.string());
  }
  EXPECT_EQ(bytes["one"], bytes["three"]);
  EXPECT_NE(bytes["one"], bytes["other"]);
}

TEST_F(RulerTest, LongTextsComeAgainFromTheBeginning) {
  settings_.lengths = {40'000};
  settings_.ruler.tasks = {"niah_single_2", "niah_multikey_2"};
  settings_.ruler.samples = 2;
  for (const auto& [task, list] : rows(40'000))
    for (const Json& row : list) EXPECT_GE(row["length"], 39'700) << task;
}

TEST_F(RulerTest, TheWorkedExampleOfCommonWordsCanBeLeftOut) {
  settings_.ruler.tasks = {"cwe"};
  settings_.ruler.samples = 1;
  settings_.ruler.cwe_example = false;
  const auto input = rows().at("cwe")[0]["input"].get<std::string>();
  EXPECT_EQ(input.rfind("Below is a numbered list"), 0u);
}

TEST_F(RulerTest, SaysWhatIsWrong) {
  struct Fault {
    const char* name;
    std::function<void(Settings&)> spoil;
    const char* said;
  };
  const std::vector<Fault> faults = {
      {"unknown task", [](Settings& s) { s.ruler.tasks = {"niah_singel_1"}; }, "niah_single_1"},
      {"no essays", [](Settings& s) { s.ruler.essays = ""; }, "--set ruler.essays=PATH"},
      {"no questions", [](Settings& s) { s.ruler.squad = ""; }, "qa_1"},
      {"one length twice",
       [](Settings& s) {
         s.lengths = {4096, 4096};
       },
       "twice"},
      {"a length of no use", [](Settings& s) { s.lengths = {100}; }, "from 128"},
      {"too short for one", [](Settings& s) { s.lengths = {256}; }, "does not fit into 256 tokens"},
      {"few words",
       [&](Settings& s) { s.ruler.essays = folder_.put("few/a.txt", "one two three").parent_path(); },
       "3 words"},
      {"not SQuAD", [&](Settings& s) { s.ruler.squad = folder_.put("a.json", "{\"rows\": []}"); },
       "\"data\""},
      {"not HotpotQA", [&](Settings& s) { s.ruler.hotpotqa = folder_.put("b.json", "{\"data\": []}"); },
       "list of questions"},
      {"few words of a list", [&](Settings& s) { s.ruler.words = folder_.put("w.txt", "oar\nelm\noar\n"); },
       "2 words"},
  };
  for (const Fault& fault : faults) {
    Settings settings = settings_;
    settings.lengths = {kLength};
    settings.ruler.samples = 1;
    fault.spoil(settings);
    const std::string said = failure_of([&] {
      settings.check();
      write_benchmark(settings, folder_ / "spoilt");
    });
    EXPECT_THAT(said, HasSubstr(fault.said)) << fault.name;
    EXPECT_THAT(said, ::testing::AnyOf(::testing::StartsWith("78"), ::testing::StartsWith("65"),
                                       ::testing::StartsWith("66")))
        << fault.name;
  }
}

}  // namespace
}  // namespace film::benchmarks

// Questions on Chinese text, which puts no blanks between words.
#include <gmock/gmock.h>

#include "corpus/planter.h"
#include "questions/endpoint/filters.h"
#include "questions/import/quote_finder.h"
#include "questions/offline/writer.h"

namespace film::questions {
namespace {

using testing::HasSubstr;

// Two sentences; the other segment shares words with them, but no sentence.
const std::string kEvidence =
    "小镇的磨坊由三位石匠在一九零二年建成，屋顶的石板从山那边运来。村里的孩子们夏天常在河边玩耍。";
const std::string kOther = "河边有一座旧磨坊，孩子们说它比小镇还要古老。";

WrittenQuestions write(const std::string& type, std::uint64_t seed, const std::string& other = kOther) {
  QaSettings settings;
  settings.seed = seed;
  settings.offline.types = {0, type == "cloze" ? 1.0 : 0.0, type == "sentence" ? 1.0 : 0.0};
  settings.offline.min_sentence_words = 6;
  settings.offline.cloze.min_words = 3;
  settings.offline.cloze.max_words = 4;
  settings.offline.sentence.piece_words = 4;
  ContextMaterial material;
  material.context.segments = {0, 1};
  material.context.evidence = {0};
  material.texts = {kEvidence, other};
  material.needles.resize(2);
  return OfflineWriter(settings, "").write(material);
}

TEST(Unspaced, ClozeLeavesOutWordsThatOccurOnce) {
  int kept = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (const Question& question : write("cloze", seed).kept) {
      ++kept;
      EXPECT_THAT(kEvidence, HasSubstr(question.answer));
      EXPECT_THAT(kOther, testing::Not(HasSubstr(question.answer)));
      for (const char* mark : {"。", "，"}) {  // punctuation at the ends stays around the blank
        EXPECT_FALSE(question.answer.starts_with(mark)) << question.answer;
        EXPECT_FALSE(question.answer.ends_with(mark)) << question.answer;
      }
    }
  EXPECT_GT(kept, 15);
}

TEST(Unspaced, SentenceQuotesWordsOfAWholeSentence) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const WrittenQuestions written = write("sentence", seed);
    ASSERT_EQ(written.kept.size(), 1u);
    const Question& question = written.kept[0];
    EXPECT_TRUE(question.answer.ends_with("。"));
    EXPECT_THAT(kEvidence, HasSubstr(question.answer));
    const std::size_t quote = question.question.find('"') + 1;
    const std::string piece = question.question.substr(quote, question.question.rfind('"') - quote);
    EXPECT_THAT(question.answer, HasSubstr(piece));
  }
}

TEST(Unspaced, AnAnswerInAnotherSegmentIsFoundInsideItsWords) {
  for (const RejectedQuestion& rejected : write("sentence", 1, "他说：" + kEvidence).rejected)
    EXPECT_EQ(rejected.reason, RejectReason::answer_in_other_segments);
  EXPECT_TRUE(write("sentence", 1, "他说：" + kEvidence).kept.empty());
}

// What was planted between Chinese sentences is found again, with and without blanks around it.
TEST(Unspaced, NeedlesAreFoundAgain) {
  corpus::NeedleSettings needles;
  needles.fraction = 1;
  needles.sentence = "秘密的{attribute}是{value}。";
  needles.question = "秘密的{attribute}是什么？";
  needles.attributes = {{"乐器", {"古琴", "月琴"}}, {"颜色", {"靛蓝"}}, {"味道", {"ミント 2号"}}};
  const corpus::Planter planter(needles, 7);
  QaSettings settings;
  settings.offline.types = {1, 0, 0};
  for (std::uint64_t document = 0; document < 40; ++document) {
    const auto planting = planter.plant(kEvidence, document, 0);
    ASSERT_TRUE(planting.has_value());
    ContextMaterial material;
    material.context.segments = {0, 1};
    material.context.evidence = {0};
    material.texts = {planting->text, kOther};
    material.needles = {&planting->needle, nullptr};
    const WrittenQuestions written = OfflineWriter(settings, needles.question).write(material);
    ASSERT_EQ(written.kept.size(), 1u) << planting->text;
    EXPECT_EQ(written.kept[0].answer, planting->needle.value);
  }
}

std::optional<RejectReason> reason_for(const std::string& question, const std::string& answer) {
  ParsedAnswer parsed;
  parsed.question = question;
  parsed.answer = answer;
  Ask ask;
  ask.positions = {0};
  ask.texts = {kEvidence};
  return reject_reason(parsed, ask, {}, {PlainText("根据上文")});
}

TEST(Unspaced, FiltersCountAndCompareWords) {
  EXPECT_EQ(reason_for("小镇的磨坊是由谁建成的？", "三位石匠"), std::nullopt);
  EXPECT_EQ(reason_for("谁？", "三位石匠"), RejectReason::question_too_short);
  EXPECT_EQ(reason_for("根据上文，磨坊是由谁建成的？", "三位石匠"), RejectReason::names_its_source);
  EXPECT_EQ(reason_for("三位石匠在哪一年建成磨坊？", "三位石匠"), RejectReason::answer_in_question);
  EXPECT_EQ(reason_for("小镇的磨坊是由谁建成的？", "国王的士兵"), RejectReason::not_grounded);
  EXPECT_EQ(reason_for("小镇的磨坊有什么来历？", kEvidence), RejectReason::copied);
}

TEST(Unspaced, QuotesAreFoundWhereverTheyBegin) {
  QuoteFinder finder;
  const std::size_t middle = finder.add("匠在一九零二年建成"), mixed = finder.add("GPU 的内存");
  EXPECT_EQ(finder.find(kEvidence), std::vector<std::size_t>{middle});
  EXPECT_EQ(finder.find("这块 GPU 的内存很大"), std::vector<std::size_t>{mixed});
  EXPECT_EQ(finder.find(kOther), std::vector<std::size_t>{});
}

}  // namespace
}  // namespace film::questions

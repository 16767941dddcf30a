// The offline generator: an answer stands in its segment and nowhere else in the context, or there
// is a reason.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "../support/corpus.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/base/words.h"
#include "questions/offline/writer.h"
#include "questions/plain_text.h"

namespace film::questions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

QaSettings only(const std::string& type) {
  QaSettings settings;
  settings.offline.types = {type == "planted" ? 1.0 : 0.0, type == "cloze" ? 1.0 : 0.0,
                            type == "sentence" ? 1.0 : 0.0};
  settings.offline.min_sentence_words = 9;
  settings.offline.sentence.piece_words = 5;
  return settings;
}

ContextMaterial material_of(std::vector<std::string> texts, std::vector<std::uint32_t> evidence) {
  ContextMaterial material;
  material.texts = std::move(texts);
  material.needles.resize(material.texts.size());
  material.context.segments.resize(material.texts.size());
  material.context.evidence = std::move(evidence);
  return material;
}

WrittenQuestions write(const QaSettings& settings, const ContextMaterial& material) {
  return OfflineWriter(settings, "What is the key of {attribute}?").write(material);
}

RejectReason reason(const WrittenQuestions& written) {
  EXPECT_TRUE(written.kept.empty());
  EXPECT_EQ(written.rejected.size(), 1u);
  return written.rejected.at(0).reason;
}

TEST(OfflineWriter, AsksForPlantedValues) {
  const Needle river{"river", "amber", "The key of river is amber."}, tower{"tower", "seven", ""};
  auto material = material_of({"Some text. The key of river is amber.", "Nothing.", "Key: seven."}, {0, 2});
  material.needles = {&river, nullptr, &tower};
  const WrittenQuestions written = write(only("planted"), material);
  ASSERT_EQ(written.kept.size(), 2u);
  EXPECT_EQ(written.kept[0].question, "What is the key of river?");
  EXPECT_EQ(written.kept[0].answer, "amber");
  EXPECT_THAT(written.kept[0].evidence, ElementsAre(0));
  EXPECT_THAT(written.kept[1].evidence, ElementsAre(2));
  EXPECT_EQ(
      written.kept[0].labels,
      (Json{{"type", "planted"}, {"extractive", true}, {"generator", "offline"}, {"attribute", "river"}}));
}

TEST(OfflineWriter, RejectsPlantedValuesThatAreNotUnique) {
  const Needle river{"river", "amber", ""}, other{"amber", "amber", ""};
  auto material = material_of({"The key is amber.", "An Amber lamp."}, {0});
  material.needles[0] = &river;
  EXPECT_EQ(reason(write(only("planted"), material)), RejectReason::answer_in_other_segments);
  material.texts[1] = "An ambered lamp.";  // another word
  EXPECT_EQ(write(only("planted"), material).kept.size(), 1u);
  material.texts[0] = "The key is gone.";
  EXPECT_EQ(reason(write(only("planted"), material)), RejectReason::answer_not_in_segment);
  material.texts[0] = "The key is amber.";
  material.needles[0] = &other;
  EXPECT_EQ(reason(write(only("planted"), material)), RejectReason::answer_in_question);
  material.needles[0] = nullptr;
  EXPECT_EQ(reason(write(only("planted"), material)), RejectReason::nothing_to_ask);
}

constexpr const char* kSentence = "Every plank remembers the tree from which it was sawn.";

TEST(OfflineWriter, LeavesOutWords) {
  QaSettings settings = only("cloze");
  for (settings.seed = 0; settings.seed < 50; ++settings.seed) {
    const auto written = write(settings, material_of({std::string("x\n\n") + kSentence, "Other text."}, {0}));
    ASSERT_EQ(written.kept.size(), 1u);
    const Question& q = written.kept[0];
    const std::size_t quote = q.question.find('"');
    const std::string quoted = q.question.substr(quote + 1, q.question.size() - quote - 2);
    EXPECT_EQ(kSentence, [&] {
      std::string whole = quoted;
      return whole.replace(whole.find("____"), 4, q.answer);
    }());
    const std::size_t words = split_words(q.answer).size();
    EXPECT_GE(words, 2u);
    EXPECT_LE(words, 4u);
    EXPECT_NE(q.answer.back(), '.');
  }
}

TEST(OfflineWriter, AsksForWholeSentences) {
  QaSettings settings = only("sentence");
  settings.offline.sentence.question = "Which sentence has [{piece}]?";
  for (settings.seed = 0; settings.seed < 50; ++settings.seed) {
    const auto written =
        write(settings,
              material_of({"Before.\nEvery plank remembers\nthe tree from which it was sawn.", "Other text."},
                          {0}));
    ASSERT_EQ(written.kept.size(), 1u);
    EXPECT_EQ(written.kept[0].answer, kSentence);  // wrapped lines are one sentence
    const std::string& question = written.kept[0].question;
    const std::string piece = question.substr(20, question.size() - 22);
    EXPECT_EQ(split_words(piece).size(), 5u);
    EXPECT_THAT(kSentence, HasSubstr(piece));
  }
}

TEST(OfflineWriter, RejectsWhatStandsTwice) {
  const std::string sentence = kSentence;
  EXPECT_EQ(reason(write(only("cloze"), material_of({sentence, sentence}, {0}))),
            RejectReason::answer_in_other_segments);
  EXPECT_EQ(reason(write(only("sentence"), material_of({sentence, "He said: " + sentence}, {0}))),
            RejectReason::answer_in_other_segments);
  // Any five words of it stand elsewhere too, in two other sentences.
  const std::string others =
      "A plank remembers the tree from which it was sawn. Every plank remembers the tree.";
  EXPECT_EQ(reason(write(only("sentence"), material_of({sentence, others}, {0}))),
            RejectReason::piece_not_unique);
  EXPECT_EQ(reason(write(only("sentence"), material_of({sentence + " " + sentence, "Other."}, {0}))),
            RejectReason::piece_not_unique);
  EXPECT_EQ(reason(write(only("cloze"), material_of({"no sentence here", "Other."}, {0}))),
            RejectReason::no_whole_sentence);
}

TEST(OfflineWriter, DoesNotAskAboutThePlantedSentenceItself) {
  const Needle record{"river", "amber", kSentence};
  auto material = material_of({kSentence, "Other."}, {0});
  material.needles[0] = &record;
  EXPECT_EQ(reason(write(only("cloze"), material)), RejectReason::no_whole_sentence);
}

// Random texts: whatever is kept holds what is promised.
TEST(OfflineWriter, EveryAnswerIsInExactlyOneSegment) {
  std::map<std::string, int> kept;
  std::set<RejectReason> reasons;
  const Needle record{"lamp", "harbour", "The lamp is harbour."};
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed, "material");
    std::vector<std::string> texts;
    for (int i = 0; i < 6; ++i) {
      std::string text;
      for (int s = 0; s < 3; ++s) {
        text += "So";
        for (std::uint64_t w = 0; w < 10; ++w)
          text += " " + support::pick_word(random) + std::to_string(random.below(3));
        text += random.below(2) == 0 ? ".\n" : ". ";
      }
      texts.push_back(text);
    }
    texts[2] += record.sentence;
    auto material = material_of(texts, {0, 2, 5});
    material.needles[2] = &record;
    material.context.id = seed;
    const WrittenQuestions written = write(QaSettings{}, material);
    EXPECT_EQ(written.kept.size() + written.rejected.size(), 3u);
    for (const RejectedQuestion& rejected : written.rejected) reasons.insert(rejected.reason);
    for (const Question& question : written.kept) {
      ++kept[question.labels.at("type").get<std::string>()];
      ASSERT_EQ(question.evidence.size(), 1u);
      for (std::uint32_t i = 0; i < texts.size(); ++i)
        EXPECT_EQ(PlainText(texts[i]).contains(PlainText(question.answer)), i == question.evidence[0]);
    }
  }
  EXPECT_GT(kept["planted"], 50);
  EXPECT_GT(kept["cloze"], 50);
  EXPECT_GT(kept["sentence"], 200);
}

TEST(OfflineWriter, AsksAboutAsManyAsWanted) {
  QaSettings settings = only("cloze");
  settings.per_context = 2;
  std::map<std::uint32_t, int> asked;
  for (std::uint64_t id = 0; id < 900; ++id) {
    auto material = material_of({"none", "none", "none"}, {0, 1, 2});
    material.context.id = id;
    const auto written = write(settings, material);
    ASSERT_EQ(written.rejected.size(), 2u);
    EXPECT_LT(written.rejected[0].evidence[0], written.rejected[1].evidence[0]);
    for (const auto& rejected : written.rejected) ++asked[rejected.evidence[0]];
  }
  for (const auto& [position, count] : asked) EXPECT_NEAR(count, 600, 60) << position;
}

TEST(QaSettings, RulesAcrossFields) {
  const auto code = [](auto change) {
    QaSettings settings;
    change(settings);
    try {
      settings.check();
    } catch (const Error& error) {
      return error.code();
    }
    return ExitCode::ok;
  };
  EXPECT_EQ(code([](QaSettings&) {}), ExitCode::ok);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.types = {0, 0, 0}; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.cloze.question = "?"; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.sentence.question = "?"; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.planted.question = "?"; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.min_sentence_words = 61; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.cloze.min_words = 5; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.sentence.piece_words = 11; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) { s.offline.cloze.max_words = 10; }), ExitCode::config);
  EXPECT_EQ(code([](QaSettings& s) {
              s.offline.types.cloze = 0;
              s.offline.cloze.max_words = 10;
            }),
            ExitCode::ok);
}

}  // namespace
}  // namespace film::questions

// Fillers that are like the evidence.
#include "contexts/graded_fillers.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/lines.h"
#include "film/corpus/store.h"
#include "film/text/terms.h"

namespace film::contexts {
namespace {

using support::hashes;
using support::SynthCase;

// Segments as texts.
struct Texts {
  std::vector<std::string> texts;
  SegmentContent content() const {
    return {[this](std::uint32_t segment) {
              text::TokenIds ids;
              for (const char c : texts[segment]) ids.push_back(c);
              return ids;
            },
            [this](std::uint32_t segment) { return text::terms_of(texts[segment]); }};
  }
  std::vector<std::uint32_t> all() const {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < texts.size(); ++i) numbers.push_back(i);
    return numbers;
  }
};

TEST(TermIndex, FindsTheSegmentsOfAWordThatTells) {
  Texts texts;
  for (int i = 0; i < 3000; ++i) texts.texts.push_back("common word" + std::to_string(i % 700));
  texts.texts.emplace_back("once");
  const TermIndex one(texts.all(), 2, 1, texts.content().terms),
      four(texts.all(), 2, 4, texts.content().terms);
  const auto of = [](const TermIndex& index, const std::string& word) {
    std::vector<std::uint32_t> segments;
    const auto [first, last] = index.with(text::terms_of(word).front());
    for (std::uint64_t i = first; i < last; ++i) segments.push_back(index.segment_at(i));
    return segments;
  };
  EXPECT_EQ(of(one, "word3"), (std::vector<std::uint32_t>{3, 703, 1403, 2103, 2803}));
  EXPECT_EQ(of(one, "word699"), (std::vector<std::uint32_t>{699, 1399, 2099, 2799}));
  EXPECT_TRUE(of(one, "common").empty()) << "in more than half of the segments";
  EXPECT_TRUE(of(one, "once").empty());
  EXPECT_TRUE(of(one, "never").empty());
  for (const char* word : {"word0", "word17", "word350", "once", "never"})
    EXPECT_EQ(of(one, word), of(four, word));
}

TEST(TermIndex, TakesSplitsOfAnySize) {
  for (const std::size_t size : {0, 1, 2, 3}) {
    const Texts texts{std::vector<std::string>(size, "the same words")};
    const TermIndex index(texts.all(), 2, 2, texts.content().terms);
    EXPECT_EQ(index.with(text::terms_of("same").front()).first,
              index.with(text::terms_of("same").front()).second);
  }
}

TEST(Repeats, AreLongRunsAndTextsThatAreMostlyTheSame) {
  Repeats repeats;
  text::TokenIds evidence, other;
  for (int i = 0; i < 100; ++i) evidence.push_back(i);
  repeats.add(evidence);
  const auto with_run = [&](int length) {
    text::TokenIds ids;
    for (int i = 0; i < 100; ++i) ids.push_back(i < length ? 40 + i : 1000 + i);
    return ids;
  };
  EXPECT_FALSE(repeats.found_in(with_run(15)));
  EXPECT_TRUE(repeats.found_in(with_run(16)));
  text::TokenIds changed = evidence;  // every tenth token is another: no run is long
  for (std::size_t i = 0; i < changed.size(); i += 10) changed[i] = 5000;
  EXPECT_TRUE(repeats.found_in(changed));
  EXPECT_FALSE(repeats.found_in(text::TokenIds{1, 2, 3}));
  EXPECT_FALSE(repeats.found_in({}));
}

// Documents of eight topics, each with 60 words of its own; two by two they share a name, which is in every line, and every tenth
// repeats the text of the one before it.
std::string topics() {
  std::string lines, before;
  for (std::uint64_t i = 0; i < 400; ++i) {
    Random random(i, "topics");
    std::string text;
    for (int w = 0; w < 48; ++w) {
      if (w % 8 == 0) text += (w > 0 ? "\nname" : "name") + std::to_string(i / 2) + "xyz";
      text += ' ' + (w % 3 == 0 ? "word" + std::to_string(i % 8) + "of" + std::to_string(random.below(60))
                                : support::pick_word(random));
    }
    if (i % 10 == 9) text = "A copy. " + before;
    before = text;
    lines += to_line(Json{{"text", text}}) + "\n";
  }
  return lines;
}

struct GradedCase : SynthCase {
  explicit GradedCase(FillerGrade grade) {
    write_file(settings.corpus.inputs[0], topics());
    settings.contexts.fillers.grade = grade;
    settings.contexts.kinds = {3, 1, 1};
    settings.contexts.target = {500, 900};
  }
  // use(context, evidence, fillers) with texts, of every context with fillers.
  template <class Use>
  void for_each_context(const std::string& out, Use use) const {
    const corpus::SegmentStore store(folder / out, 2);
    const text::Tokenizer tokenizer = text::Tokenizer::load(settings.tokenizer);
    for_each_record(folder / out / "contexts/part-00000.jsonl",
                    [&](const Json& line, const std::string& where) {
                      const Context context = from_json<Context>(line, where);
                      std::vector<std::string> evidence, fillers;
                      for (std::uint32_t i = 0; i < context.segments.size(); ++i) {
                        text::TokenIds ids;
                        store.append_tokens(context.segments[i], ids);
                        (std::ranges::binary_search(context.evidence, i) ? evidence : fillers)
                            .push_back(tokenizer.decode(ids));
                      }
                      if (context.kind != ContextKind::short_text) use(context, evidence, fillers);
                    });
  }
};

std::set<std::string> topics_of(const std::vector<std::string>& texts) {
  std::set<std::string> found;
  for (const std::string& text : texts)
    for (std::size_t at = 0; (at = text.find("word", at)) != std::string::npos; ++at)
      found.insert(text.substr(at + 4, 1));
  return found;
}

TEST(GradedFillers, AreOfTheTopicOfTheEvidence) {
  GradedCase c(FillerGrade::topic);
  const SynthFacts facts = c.run("topic");
  std::uint64_t same = 0, other = 0, alike = 0;
  c.for_each_context("topic", [&](const Context& context, const auto& evidence, const auto& fillers) {
    for (const std::string& filler : fillers) ++(topics_of({filler}) == topics_of(evidence) ? same : other);
    alike += context.alike.value();
  });
  EXPECT_GT(same, 2 * other) << "an eighth would be of the topic by chance";
  ASSERT_TRUE(facts.contexts.fillers);
  EXPECT_EQ(facts.contexts.fillers->grade, "topic");
  EXPECT_EQ(facts.contexts.fillers->alike, alike);
  EXPECT_EQ(facts.contexts.fillers->count, same + other);
  c.settings.contexts.fillers.grade = FillerGrade::random;
  EXPECT_FALSE(c.run("random").contexts.fillers);
  std::uint64_t by_chance = 0, all = 0;
  c.for_each_context("random", [&](const Context& context, const auto& evidence, const auto& fillers) {
    EXPECT_FALSE(context.alike);
    for (const std::string& filler : fillers) by_chance += topics_of({filler}) == topics_of(evidence) ? 1 : 0;
    all += fillers.size();
  });
  EXPECT_LT(by_chance, all / 4);
}

TEST(GradedFillers, NearMissesShareWhatIsRareInTheEvidence) {
  GradedCase c(FillerGrade::near_miss);
  c.settings.contexts.kinds = {1, 0, 0};
  const SynthFacts facts = c.run("near");
  std::uint64_t names = 0, shared = 0;
  c.for_each_context("near", [&](const Context&, const auto& evidence, const auto& fillers) {
    const std::size_t at = evidence.front().find("name"), end = evidence.front().find("xyz", at);
    if (end == std::string::npos) return;
    const std::string name = evidence.front().substr(at, end + 3 - at);
    ++names;
    for (const std::string& filler : fillers)
      if (filler.find(name) != std::string::npos) {
        ++shared;
        break;
      }
  });
  EXPECT_GT(names, 10u);
  EXPECT_GT(4 * shared, names) << "of all but the copies, whose partner is in their split";
  EXPECT_GT(facts.contexts.fillers->alike, 0u);
}

TEST(GradedFillers, NeverRepeatTheEvidence) {
  for (const FillerGrade grade : {FillerGrade::topic, FillerGrade::near_miss}) {
    GradedCase c(grade);
    c.run("data");
    c.for_each_context("data", [&](const Context& context, const auto& evidence, const auto& fillers) {
      for (const std::string& text : evidence)
        for (const std::string& filler : fillers) {
          const std::string middle = text.substr(text.size() / 3, 120);
          EXPECT_EQ(filler.find(middle), std::string::npos) << context.id;
        }
    });
  }
}

TEST(GradedFillers, AreTheSameForAnyThreadsAndAfterAKill) {
  for (const FillerGrade grade : {FillerGrade::topic, FillerGrade::near_miss}) {
    GradedCase c(grade);
    c.settings.contexts.twins = 0.2;
    c.run("one");
    c.settings.threads = 4;
    c.run("four");
    EXPECT_EQ(hashes(c.folder / "one"), hashes(c.folder / "four"));
    fs::remove(c.folder / "four/manifest.json");
    fs::remove_all(c.folder / "four/contexts");
    c.run("four");
    EXPECT_EQ(hashes(c.folder / "one"), hashes(c.folder / "four"));
  }
}

TEST(GradedFillers, AreAShareOfTheFillers) {
  for (const double share : {0.0, 0.25, 0.5}) {
    GradedCase c(FillerGrade::topic);
    c.settings.contexts.fillers.share = share;
    const FillerFacts facts = c.run("data").contexts.fillers.value();
    EXPECT_NEAR(static_cast<double>(facts.alike) / static_cast<double>(facts.count), share, 0.1) << share;
  }
}

}  // namespace
}  // namespace film::contexts

// film synth as a whole.
#include "film/contexts/synth.h"

#include <gmock/gmock.h>

#include <set>

#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/contexts/summary.h"
#include "film/corpus/store.h"

namespace film::contexts {
namespace {

using support::code_of;
using support::hashes;
using support::plant;
using support::SynthCase;
using testing::HasSubstr;

TEST(Synth, ThreadsDoNotChangeABit) {
  SynthCase c;
  plant(c.settings);
  c.settings.contexts.kinds = {110, 30, 15};
  c.run("one");
  c.settings.threads = 4;
  c.run("four");
  EXPECT_EQ(hashes(c.folder / "one"), hashes(c.folder / "four"));
  c.settings.seed = 2;
  c.run("other");
  EXPECT_NE(hashes(c.folder / "one"), hashes(c.folder / "other"));
}

TEST(Synth, FinishedFoldersAreLeftAloneAndOthersRefused) {
  SynthCase c;
  c.run("data");
  const fs::path file = c.folder / "data/contexts/part-00000.jsonl";
  const auto before = fs::last_write_time(file);
  c.settings.threads = 3;  // free to change
  c.run("data");
  EXPECT_EQ(fs::last_write_time(file), before);
  c.settings.seed = 9;
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
  c.settings.seed = 1;
  EXPECT_EQ(code_of([&] { c.run("data", 50); }), ExitCode::config);
  write_file(c.settings.corpus.inputs[0], "{\"text\":\"another corpus\"}\n");
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
}

TEST(Synth, ARunThatWasKilledIsDoneAgainWithTheSameBytes) {
  SynthCase c;
  c.run("whole");
  c.run("killed");
  // As a kill leaves it: no manifest, some files, some half-written ones.
  fs::remove(c.folder / "killed/manifest.json");
  fs::remove(c.folder / "killed/segments/part-00001.tokens");
  write_file(c.folder / "killed/segments/part-00001.tokens.part", "half");
  c.run("killed");
  EXPECT_EQ(hashes(c.folder / "killed"), hashes(c.folder / "whole"));
}

// The same command again, with --out inside the inputs: finished it does nothing, stopped it goes on.
TEST(Synth, OutputMayBeInsideTheInputs) {
  SynthCase c;
  c.settings.corpus.inputs = {c.folder.path().string()};
  c.run("data");
  c.run("deeper/data");  // the first is no input of the second
  EXPECT_EQ(hashes(c.folder / "data"), hashes(c.folder / "deeper/data"));
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::ok);
  fs::remove(c.folder / "data/manifest.json");
  c.run("data");
  EXPECT_EQ(hashes(c.folder / "data"), hashes(c.folder / "deeper/data"));
  for (const char* same : {"", ".", "deeper/.."})
    EXPECT_THAT(support::failure_of([&] { c.run(same); }),
                testing::AllOf(HasSubstr("78 --out "), HasSubstr("is the folder of the inputs")))
        << same;
}

// A line that stands in many documents is the whole of a segment in each.
TEST(Synth, NoContextHoldsATextTwice) {
  SynthCase c;
  std::string lines;
  std::string notice = "Notice:";
  for (int i = 0; i < 80; ++i) notice += " all rights are reserved";
  for (std::uint64_t i = 0; i < 200; ++i) {
    Random random(i, "copies");
    lines += to_line(Json{{"text", notice + "\n" + support::random_text(random, 12)}}) + "\n";
  }
  write_file(c.settings.corpus.inputs[0], lines);
  c.run("data");
  const corpus::SegmentStore store(c.folder / "data", 2);
  std::uint64_t notices = 0;
  for_each_record(c.folder / "data/contexts/part-00000.jsonl",
                  [&](const Json& context, const std::string& where) {
                    std::set<text::TokenIds> texts;
                    for (const auto& segment : context["segments"]) {
                      text::TokenIds ids;
                      store.append_tokens(segment.get<std::uint64_t>(), ids);
                      EXPECT_TRUE(texts.insert(ids).second) << where;
                      notices += ids.size() > 300 ? 1 : 0;
                    }
                  });
  EXPECT_GT(notices, 30u) << "the test shows nothing without them";
}

TEST(Synth, OtherEvaluationFilesAreOtherInputs) {
  SynthCase c;
  const fs::path exam =
      c.folder.put("exam.txt", "eleven lighthouses stand on that coast and none of them is lit");
  c.settings.corpus.decontaminate.inputs = {exam.string()};
  c.run("data");
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::ok);
  write_file(exam, "twelve lighthouses stand on that coast and none of them is ever lit");
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
}

TEST(Synth, ATryThatFailsBindsNobodyToItsSettings) {
  SynthCase c;
  c.settings.contexts.target = {400, 10'000'000};
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::config);
  c.settings.contexts.target = {400, 1600};
  c.settings.seed = 5;
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::ok);
}

// A book of 40 chapters, and settings that suit it.
void make_book(SynthCase& c) {
  std::string book;
  for (std::uint64_t chapter = 1; chapter <= 40; ++chapter) {
    Random random(chapter, "book");
    book += "Chapter " + std::to_string(chapter) + "\n\n" + support::random_text(random, 60) + "\n\n";
  }
  c.settings.corpus.inputs = {c.folder.put("book.txt", book).string()};
  c.settings.corpus.split = {0.9, 0.05, 0.05};
  c.settings.contexts.target = {200, 900};
}

std::vector<Context> contexts_of(const fs::path& data) {
  std::vector<Context> contexts;
  for_each_record(data / "contexts/part-00000.jsonl", [&](const Json& line, const std::string& where) {
    contexts.push_back(from_json<Context>(line, where));
  });
  return contexts;
}

TEST(Synth, OneBookIsCutIntoPartsThatServeAsDocuments) {
  SynthCase c;
  make_book(c);
  const SynthFacts facts = c.run("data");
  EXPECT_GE(facts.corpus.all.documents, 30u);
  EXPECT_GE(facts.corpus.by_split.test.documents, 2u);
  EXPECT_GE(facts.corpus.by_split.validation.documents, 2u);
  std::vector<std::uint32_t> document;  // of each segment
  std::vector<std::string> titles;
  for (std::size_t part = 0; fs::exists(c.folder / "data" / corpus::part_path("documents", part, ".jsonl"));
       ++part)
    for_each_record(c.folder / "data" / corpus::part_path("documents", part, ".jsonl"),
                    [&](const Json& line, const std::string& where) {
                      const auto info = from_json<DocumentInfo>(line, where);
                      titles.push_back(info.title);
                      document.insert(document.end(), info.segments, static_cast<std::uint32_t>(info.id));
                    });
  EXPECT_EQ(titles.at(0), "Chapter 1");
  for (const Context& context : contexts_of(c.folder / "data"))
    for (const std::uint32_t position : context.evidence)
      for (std::uint32_t p = 0; p < context.segments.size(); ++p) {
        if (p == position) continue;
        EXPECT_NE(document.at(context.segments[p]), document.at(context.segments[position]));
        EXPECT_GT(
            std::abs(static_cast<int>(context.segments[p]) - static_cast<int>(context.segments[position])),
            1);
      }
}

// As scripts/quickstart.sh asks of a book: a needle in every segment, several segments a context, each asked about.
TEST(Synth, OneBookFillsContextsOfNeedles) {
  SynthCase c;
  make_book(c);
  c.settings.corpus.needles.fraction = 1;
  for (int i = 0; i < 16; ++i)
    c.settings.corpus.needles.attributes.push_back({"a" + std::to_string(i), {"v" + std::to_string(i)}});
  c.settings.contexts.questions_per_context = 0;
  c.settings.contexts.target.max = 4000;
  for (const std::uint32_t segments : {2u, 8u}) {
    c.settings.contexts.segments = segments;
    const SynthFacts facts = c.run("data" + std::to_string(segments));
    EXPECT_EQ(facts.contexts.all.questions, 100u * segments);
  }
}

TEST(Synth, DocumentsAreCutWhereThatIsAsked) {
  SynthCase c;
  make_book(c);
  c.settings.corpus.cut.when = corpus::CutWhen::never;
  EXPECT_THAT(support::failure_of([&] { c.run("never"); }),
              testing::AllOf(HasSubstr("78 split validation has no document"), HasSubstr("cut.when=alone")));
  c.settings.contexts.validation = c.settings.contexts.test = 0;
  EXPECT_THAT(support::failure_of([&] { c.run("never"); }),
              testing::AllOf(HasSubstr("holds one document"), HasSubstr("cut.when=alone")));
  c.settings.contexts.kinds = {0, 0, 1};  // needs no fillers: nothing is cut
  c.settings.contexts.document_max = 1'000'000;
  c.settings.contexts.target.max = 1'000'000;
  c.settings.corpus.cut.when = corpus::CutWhen::alone;
  EXPECT_EQ(c.run("short").corpus.all.documents, 1u);
  SynthCase many;
  many.settings.corpus.cut = {corpus::CutWhen::longer, 128};
  EXPECT_GT(many.run("longer").corpus.all.documents, 400u);
  SynthCase as_before;
  EXPECT_EQ(as_before.run("alone").corpus.all.documents, 400u);
}

// What the message says to do is enough.
TEST(Synth, AdviceOnSmallCorporaHelps) {
  SynthCase c;
  make_book(c);
  c.settings.contexts.target = {4096, 32000};
  const std::string failure = support::failure_of([&] { c.run("data"); });
  const auto number_behind = [&](const std::string& key) {
    const std::size_t at = failure.find(key);
    EXPECT_NE(at, std::string::npos) << failure;
    return static_cast<std::uint32_t>(std::stoul(failure.substr(at + key.size())));
  };
  c.settings.contexts.target = {number_behind("contexts.target.min="), number_behind("contexts.target.max=")};
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::ok) << failure;
}

// The split's other documents have too few segments, whatever the length of contexts.
TEST(Synth, AFewLongTextsAreToBeCut) {
  SynthCase c;
  fs::path folder;
  for (std::uint64_t i = 0; i < 6; ++i) {
    Random random(i, "long and short");
    std::string text;
    for (int line = 0; line < (i % 2 == 0 ? 400 : 1); ++line) text += support::random_text(random, 12) + "\n";
    folder = c.folder.put("texts/" + std::to_string(i) + ".txt", text).parent_path();
  }
  c.settings.corpus.inputs = {folder.string()};
  c.settings.corpus.split = {0.5, 0.25, 0.25};
  c.settings.contexts.segments = 8;
  const std::string failure = support::failure_of([&] { c.run("data"); });
  EXPECT_THAT(failure,
              testing::AllOf(HasSubstr("cut.when=longer"), testing::Not(HasSubstr("contexts.target"))));
  c.settings.corpus.cut = {corpus::CutWhen::longer, 128};
  EXPECT_EQ(code_of([&] { c.run("data"); }), ExitCode::ok);
}

TEST(Synth, LimitMakesASmallOne) {
  SynthCase c;
  c.settings.contexts.validation = c.settings.contexts.test = 0;
  EXPECT_EQ(c.run("data", 100).corpus.all.documents, 100u);
}

TEST(Synth, SummaryShowsWhatTheManifestHolds) {
  SynthCase c;
  const std::string text = synth_summary(c.run("data"));
  EXPECT_THAT(text, HasSubstr("validation"));
  EXPECT_THAT(text, HasSubstr("Context lengths"));
  EXPECT_THAT(text, HasSubstr("chi-square"));
}

}  // namespace
}  // namespace film::contexts

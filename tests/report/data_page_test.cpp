// The page of a DATA folder: every number of its manifests, contexts with their evidence marked.
#include "film/report/data_page.h"

#include <gtest/gtest.h>

namespace film::report {
namespace {

Context some_context() {
  Context context;
  context.id = 7;
  context.kind = ContextKind::fine_grained;
  context.split = Split::test;
  context.tokens = 4321;
  context.segments = {4, 9, 2};
  context.evidence = {1};
  return context;
}

DataPage some_page() {
  DataPage page;
  page.title = "data/<long>";
  page.date = "2026-01-02 03:04 UTC";
  page.facts.corpus.files = 1;
  page.facts.corpus.bytes = 1234567;
  page.facts.corpus.all = {20, 3000, 400000, 17};
  page.facts.corpus.by_split.test = {5, 700, 90000, 3};
  page.facts.corpus.rejected = {{"not UTF-8", 2}};
  page.facts.corpus.left_out = {{"repeats an earlier document", 11}};
  page.facts.contexts.all = {1000, 18000000, 1100};
  page.facts.contexts.by_kind = {{"fine_grained", {1000, 18000000, 1100}}};
  page.facts.contexts.by_split = {{"test", {1000, 18000000, 1100}}};
  page.facts.contexts.slots.counts = {5, 6, 5, 6};
  page.contexts = {{some_context(),
                    {{"a filler"}, {"the <b>evidence</b>", true}, {"", false, false, 12}},
                    {{"Which one?", "a & b", {1}}}}};
  page.command = "film synth corpus --out data";
  page.provenance = {{"settings", {{"seed", 1}}}};
  return page;
}

void expect_parts(const std::string& html, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(html.find(part), std::string::npos) << part;
}

TEST(DataPage, SaysWhatIsNotInThePaper) {
  DataPage page = some_page();
  for (const char* part : {"twins of others", "are of grade"})
    EXPECT_EQ(data_page(page).find(part), std::string::npos) << part;
  page.facts.contexts.twins = TwinFacts{0.1, 155};
  page.facts.contexts.fillers = FillerFacts{"near_miss", 1234, 99000};
  page.contexts.front().context.evidence.clear();
  page.contexts.front().context.twin_of = 41;
  expect_parts(data_page(page),
               {"155 of the contexts are twins of others, without their evidence, for 0.1 unanswerable",
                "1,234 of 99,000 fillers are of grade near_miss", "no evidence: twin of context 41"});
}

TEST(DataPage, ShowsWhatTheManifestsSay) {
  DataPage page = some_page();
  QaFacts qa;
  qa.generator = "offline";
  qa.counts.questions = {940, {{"cloze", 940}}, {{"test", 940}}};
  qa.counts.rejected = {60, {{"no_whole_sentence", 60}}};
  page.questions = {qa};
  const std::string html = data_page(page);
  expect_parts(html, {"data/&lt;long&gt;", "1,000 contexts from 20 documents; 940 questions.",
                      "From 1 file and 1,234,567 bytes",
                      "<td class=\"word\">test</td><td>5</td><td>700</td><td>90,000</td><td>3</td>",
                      "<td class=\"word\">kind</td><td class=\"word\">fine_grained</td><td>1,000</td>",
                      "not UTF-8", "repeats an earlier document", "no_whole_sentence", "Evidence by slot",
                      "film synth corpus --out data"});
  expect_parts(html, {"context 7 · fine_grained · test · 4,321 tokens · evidence in segment 2 of 3",
                      "<mark>the &lt;b&gt;evidence&lt;/b&gt;</mark>", "… 12 pieces left out …", "Which one?",
                      "a &amp; b"});
  EXPECT_EQ(html, data_page(page));
}

TEST(DataPage, WhatIsNotThereIsLeftOut) {
  DataPage page = some_page();
  page.contexts.clear();
  page.facts.corpus.rejected.clear();
  page.facts.corpus.left_out.reset();
  page.facts.contexts.slots.counts.clear();
  const std::string html = data_page(page);
  for (const char* heading : {"<h2>Questions", "<h2>Not taken", "<h2>To be read", "<h2>Lengths"})
    EXPECT_EQ(html.find(heading), std::string::npos) << heading;
}

TEST(DataPage, OneContextAlone) {
  const ContextSample sample = some_page().contexts[0];
  expect_parts(context_page("data", sample),
               {"<h1>data</h1>", "evidence in segment 2 of 3", "<p>a filler</p>",
                "<mark>the &lt;b&gt;evidence&lt;/b&gt;</mark>", "Which one?", "</html>"});
}

}  // namespace
}  // namespace film::report

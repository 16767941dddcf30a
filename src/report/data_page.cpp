#include "film/report/data_page.h"

#include <fmt/format.h>

#include "figure_html.h"
#include "film/base/format.h"
#include "html.h"
#include "numbers.h"
#include "samples_html.h"
#include "style.h"
#include "text_table.h"

namespace film::report {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

std::vector<std::string> corpus_row(const std::string& name, const CorpusCounts& counts) {
  return {name, grouped(counts.documents), grouped(counts.segments), grouped(counts.tokens),
          grouped(counts.planted)};
}

TextTable corpus_table(const CorpusFacts& corpus) {
  TextTable table;
  table.words = 1;
  table.columns = {"split", "documents", "segments", "tokens", "planted sentences"};
  CorpusCountsBySplit by_split = corpus.by_split;
  for (const Split split : {Split::train, Split::validation, Split::test})
    if (by_split[split].documents > 0)
      table.rows.push_back(corpus_row(std::string(name_of(split)), by_split[split]));
  table.rows.push_back(corpus_row("all", corpus.all));
  table.explained =
      fmt::format("From {} and {} bytes of text. A segment has at least {} tokens: {} on average, {} to {}.",
                  counted(corpus.files, "file"), grouped(corpus.bytes), corpus.segment_tokens.at_least,
                  fixed(corpus.segment_tokens.mean, 0), corpus.segment_tokens.shortest,
                  grouped(corpus.segment_tokens.longest));
  return table;
}

void add_rows(TextTable& table, const std::string& what, const std::map<std::string, ContextCounts>& counts) {
  for (const auto& [name, count] : counts)
    table.rows.push_back(
        {what, name, grouped(count.contexts), grouped(count.tokens), grouped(count.questions)});
}

TextTable contexts_table(const ContextFacts& contexts) {
  TextTable table;
  table.words = 2;
  table.columns = {"by", "", "contexts", "tokens", "evidence segments"};
  add_rows(table, "kind", contexts.by_kind);
  add_rows(table, "split", contexts.by_split);
  table.rows.push_back({"all", "", grouped(contexts.all.contexts), grouped(contexts.all.tokens),
                        grouped(contexts.all.questions)});
  if (contexts.twins)
    table.explained += fmt::format(
        "{} of the contexts are twins of others, without their evidence, for {} unanswerable questions to "
        "one with an answer. ",
        grouped(contexts.twins->count), contexts.twins->share);
  if (contexts.fillers)
    table.explained +=
        fmt::format("{} of {} fillers are of grade {}, the others random.", grouped(contexts.fillers->alike),
                    grouped(contexts.fillers->count), contexts.fillers->grade);
  return table;
}

void add_rows(TextTable& table, const std::string& what, const Counts& counts) {
  for (const auto& [name, count] : counts) table.rows.push_back({what, name, grouped(count)});
}

TextTable left_out_table(const CorpusFacts& corpus) {
  TextTable table;
  table.words = 2;
  table.columns = {"documents", "reason", "count"};
  add_rows(table, "rejected", corpus.rejected);
  if (corpus.left_out) add_rows(table, "left out", *corpus.left_out);
  if (corpus.noted) add_rows(table, "taken with a change", *corpus.noted);
  if (corpus.decontamination)
    table.explained =
        fmt::format("Compared with {} of evaluation texts; {} words in a row are an overlap.",
                    counted(corpus.decontamination->files.size(), "file"), corpus.decontamination->words);
  return table;
}

TextTable questions_table(const std::vector<QaFacts>& folders) {
  TextTable table;
  table.words = 3;
  table.columns = {"written by", "by", "", "count"};
  const auto add = [&](const QaFacts& qa, const std::string& what, const Counts& counts) {
    for (const auto& [name, count] : counts) table.rows.push_back({qa.generator, what, name, grouped(count)});
  };
  for (const QaFacts& qa : folders) {
    add(qa, "type", qa.counts.questions.by_type);
    add(qa, "split", qa.counts.questions.by_split);
    add(qa, "rejected", qa.counts.rejected.by_reason);
  }
  return table;
}

std::string sample_title(const Context& context) {
  std::string places;
  for (const std::uint32_t position : context.evidence)
    places += (places.empty() ? "" : ", ") + std::to_string(position + 1);
  const std::string evidence =
      context.twin_of ? fmt::format("no evidence: twin of context {}", *context.twin_of)
                      : fmt::format("evidence in segment {} of {}", places, context.segments.size());
  return fmt::format("context {} · {} · {} · {} tokens · {}", context.id, name_of(context.kind),
                     name_of(context.split), grouped(context.tokens), evidence);
}

std::string questions_html(const ContextSample& sample) {
  std::string html;
  for (const Question& question : sample.questions)
    html += tag("dt", "question") + tag("dd", question.question) + "\n" + tag("dt", "answer") +
            tag("dd", question.answer) + "\n";
  return html.empty() ? "" : "<dl class=\"facts\">\n" + html + "</dl>\n";
}

std::string samples_section(const std::vector<ContextSample>& samples) {
  if (samples.empty()) return "";
  std::string html =
      "<h2>To be read</h2>\n<p>Some contexts of each kind, shortened, with the evidence marked. One as a "
      "whole: "
      "<code>film show DATA ID</code>.</p>\n";
  for (const ContextSample& sample : samples)
    html += "<details><summary>" + escaped(sample_title(sample.context)) + "</summary>\n" +
            questions_html(sample) + parts_html(sample.parts) + "</details>\n";
  return html;
}

std::string page_end() {
  return "</main>\n<footer><p>One file, no scripts, nothing loaded from "
         "elsewhere.</p></footer>\n</body>\n</html>\n";
}

// "1,000 contexts of 4,203 to 31,977 tokens from 621 documents; 940 questions."
std::string subtitle(const DataPage& page) {
  const ContextFacts& contexts = page.facts.contexts;
  std::string text = counted(contexts.all.contexts, "context");
  if (contexts.lengths)
    text += fmt::format(" of {} to {} tokens", grouped(contexts.lengths->shortest),
                        grouped(contexts.lengths->longest));
  text += " from " + counted(page.facts.corpus.all.documents, "document");
  std::uint64_t questions = 0;
  for (const QaFacts& qa : page.questions) questions += qa.counts.questions.count;
  return text + (questions > 0 ? "; " + counted(questions, "question") : "") + ".";
}

}  // namespace

std::string data_page(const DataPage& page) {
  std::vector<Figure> figures;
  for (const Histogram& histogram : data_histograms(page.facts))
    figures.push_back(histogram_figure(histogram));
  std::string html = page_head(page.title, page_css(1), subtitle(page), page.date);
  html += figure_section("Lengths and positions", figures, 1) +
          table_html("Contexts", contexts_table(page.facts.contexts)) +
          table_html("Questions", questions_table(page.questions)) +
          table_html("Corpus", corpus_table(page.facts.corpus)) +
          table_html("Not taken as it is", left_out_table(page.facts.corpus)) +
          samples_section(page.contexts);
  if (!page.command.empty() || !page.provenance.empty())
    html += "<h2>Provenance</h2>\n" +
            (page.command.empty() ? "" : "<pre>" + escaped(page.command) + "</pre>\n") +
            facts(page.provenance);
  return html + page_end();
}

std::string context_page(const std::string& title, const ContextSample& sample) {
  return page_head(title, page_css(1), sample_title(sample.context), "") + questions_html(sample) +
         parts_html(sample.parts) + page_end();
}

}  // namespace film::report

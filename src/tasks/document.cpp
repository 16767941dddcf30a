// Which sentence contains this piece? Sentences of local text, pieces of consecutive words; the answer is on both
// sides of what is quoted (bi-directional).
#include <set>

#include "film/base/random.h"
#include "odd_rows.h"
#include "pieces.h"
#include "probes.h"

namespace film::tasks {
namespace {

bool ends_sentence(std::string_view word) {
  while (!word.empty() && (word.back() == '"' || word.back() == '\'' || word.back() == ')')) word.remove_suffix(1);
  return !word.empty() && (word.back() == '.' || word.back() == '!' || word.back() == '?');
}

using Sentence = std::vector<std::string>;  // words

// Sentences of fitting length, each once. Paragraphs end at blank lines: prose is often wrapped, and a sentence goes
// on over the line break.
class SentenceReader {
 public:
  explicit SentenceReader(const DocumentSettings& settings) : settings_(settings) {}

  void read(const std::string& text) {
    std::size_t begin = 0;
    while (begin <= text.size()) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string line = text.substr(begin, end - begin);
      if (line.find_first_not_of(" \t\r") == std::string::npos)
        end_paragraph();
      else
        paragraph_ += line + " ";
      begin = end + 1;
    }
    end_paragraph();
  }
  std::vector<Sentence> take() { return std::move(sentences_); }

 private:
  // Good enough to find clean sentences: odd cuts fail the length limits or do no harm.
  void end_paragraph() {
    Sentence current;
    for (std::string& word : split_words(paragraph_)) {
      current.push_back(std::move(word));
      if (!ends_sentence(current.back())) continue;
      if (current.size() >= settings_.min_words && current.size() <= settings_.max_words &&
          seen_.insert(current).second)
        sentences_.push_back(current);
      current.clear();
    }
    paragraph_.clear();
  }

  const DocumentSettings& settings_;
  std::string paragraph_;
  std::set<Sentence> seen_;
  std::vector<Sentence> sentences_;
};

std::vector<Sentence> read_sentences(const DocumentSettings& settings, OddRows& odd) {
  const auto files =
      source_files(settings.source, {{".txt", ".md"}, {sources::FileKind::jsonl}}, "document.source");
  SentenceReader reader(settings);
  sources::for_each_row(files, {{{settings.text_key}}}, [&](sources::Row&& row) {
    if (row.fault)
      odd.count(row, files);
    else
      reader.read(row.cells[0].text);
  });
  return reader.take();
}

std::string joined(const Sentence& words, std::size_t begin, std::size_t count) {
  std::string text;
  for (std::size_t i = begin; i < begin + count; ++i) text += (i == begin ? "" : " ") + words[i];
  return text;
}

}  // namespace

Task build_document(const BuildInput& input) {
  const DocumentSettings& settings = input.settings.document;
  OddRows odd("document.source");
  const std::vector<Sentence> sentences = read_sentences(settings, odd);
  if (sentences.empty()) throw odd.nothing_usable("no sentence of fitting length in " + settings.source);
  std::vector<Piece> pool;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    Random random(input.settings.seed, "probe.document.piece", i);
    const Sentence& words = sentences[i];
    const auto first = static_cast<std::size_t>(random.below(words.size() - settings.piece_words + 1));
    const std::string text = joined(words, 0, words.size());
    const std::string quoted = joined(words, first, settings.piece_words);
    pool.push_back(
        {text, quoted, "In above context, which sentence contains the piece \"" + quoted + "\"?", {text}});
  }
  Task task = deal(pool, settings, input.tokens, input.settings.seed, "document");
  task.notes["sentences"] = pool.size();
  odd.note(task.notes);
  return task;
}

}  // namespace film::tasks

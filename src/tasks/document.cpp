// Which sentence contains this piece? Sentences of local text, pieces of consecutive words; the answer is on both
// sides of what is quoted (bi-directional).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/random.h"
#include "film/base/sentences.h"
#include "film/base/strings.h"
#include "film/base/words.h"
#include "odd_rows.h"
#include "pieces.h"
#include "probes.h"

namespace film::tasks {
namespace {

// "e.g. this" ends a sentence here: odd cuts fail the length limits or do no harm.
constexpr SentenceRule kRule{.closing = "\"')", .lower_case_continues = false, .beyond_ascii = false};

// The line with single blanks for ASCII white space, and none at its ends.
std::string tidy(std::string_view line) {
  std::string text;
  bool blank = false;
  for (const char c : line) {
    if (is_ascii_space(c)) {
      blank = !text.empty();
      continue;
    }
    if (blank) text += ' ';
    blank = false;
    text += c;
  }
  return text;
}

// Lines as one. A line break between two characters of Chinese or Japanese is not a blank.
std::string unwrapped(const std::vector<std::string_view>& lines) {
  std::string text;
  for (const std::string_view line : lines) {
    const std::string next = tidy(line);
    const bool together =
        is_cjk(code_point_before(text, text.size()).value) && is_cjk(code_point_at(next, 0).value);
    text += (text.empty() || together ? "" : " ") + next;
  }
  return text;
}

// Sentences of fitting length, each once. Paragraphs end at blank lines: prose is often wrapped, and a sentence goes
// on over the line break.
class SentenceReader {
 public:
  explicit SentenceReader(const DocumentSettings& settings)
      : min_words_(settings.min_words), max_words_(settings.max_words) {}

  void read(std::string_view text) {
    std::vector<std::string_view> paragraph;
    const std::string lines = with_line_feeds(text);
    for (const std::string_view line : split(lines, "\n")) {
      if (!trim(line).empty()) {
        paragraph.push_back(line);
        continue;
      }
      take_from(unwrapped(paragraph));
      paragraph.clear();
    }
    take_from(unwrapped(paragraph));
  }
  std::vector<std::string> take() { return std::move(sentences_); }
  // Of all sentences, in words, shortest first.
  std::vector<std::size_t> lengths() const {
    std::vector<std::size_t> sorted = lengths_;
    std::ranges::sort(sorted);
    return sorted;
  }

 private:
  void take_from(const std::string& paragraph) {
    for (const std::string_view sentence : split_sentences(paragraph, kRule)) {
      if (!ends_sentence(sentence, kRule)) continue;
      const std::size_t words = count_words(sentence);
      lengths_.push_back(words);
      if (words < min_words_ || words > max_words_) continue;
      if (seen_.emplace(sentence).second) sentences_.emplace_back(sentence);
    }
  }

  std::size_t min_words_, max_words_;
  std::set<std::string> seen_;
  std::vector<std::string> sentences_;
  std::vector<std::size_t> lengths_;
};

SentenceReader read_source(const DocumentSettings& settings, OddRows& odd) {
  const auto files =
      source_files(settings.source, {{".txt", ".md"}, {sources::FileKind::jsonl}}, "document.source");
  SentenceReader reader(settings);
  sources::for_each_row(files, {{{settings.text_key}}}, [&](sources::Row&& row) {
    if (row.fault)
      odd.count(row, files);
    else
      reader.read(row.cells[0].text);
  });
  return reader;
}

// The lengths that most of the sentences have; those too short to quote from are of no use.
DocumentSettings adapted(DocumentSettings s, const std::vector<std::size_t>& lengths) {
  const std::size_t tenth = lengths.size() / 10;
  const std::string none = fmt::format("document.source: {} holds {}, none of {} to {} words", s.source,
                                       counted(lengths.size(), "sentence"), s.min_words, s.max_words);
  s.min_words = static_cast<std::uint32_t>(std::max<std::size_t>(s.piece_words, lengths[tenth]));
  s.max_words = static_cast<std::uint32_t>(lengths[lengths.size() - 1 - tenth]);
  if (s.max_words < s.min_words)
    throw bad_data(none, "its sentences are too short to quote document.piece_words from");
  const std::string words = fmt::format("{} to {}", s.min_words, s.max_words);
  if (!s.adapt)
    throw bad_data(none, fmt::format("most have {}: --set document.min_words={} --set document.max_words={}",
                                     words, s.min_words, s.max_words));
  warn(none + ": those of " + words + " are used");
  return s;
}

// `count` words of a sentence from word `first` on, with what is between them.
std::string words_of(const std::string& sentence, std::size_t first, std::size_t count) {
  const std::vector<std::string_view> words = split_words(sentence);
  const std::string_view last = words[first + count - 1];
  return {words[first].data(), last.data() + last.size()};
}

}  // namespace

Task build_document(const BuildInput& input) {
  DocumentSettings settings = input.settings.document;
  OddRows odd("document.source");
  SentenceReader reader = read_source(settings, odd);
  std::vector<std::string> sentences = reader.take();
  const bool none_fits = sentences.empty();
  if (none_fits) {
    const std::vector<std::size_t> lengths = reader.lengths();
    if (lengths.empty()) throw odd.nothing_usable("no sentence in " + settings.source);
    settings = adapted(settings, lengths);
    OddRows again("document.source");
    sentences = read_source(settings, again).take();
  }
  std::vector<Piece> pool;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    Random random(input.settings.seed, "probe.document.piece", i);
    const std::string& text = sentences[i];
    const std::uint64_t starts = count_words(text) - settings.piece_words + 1;
    const std::string quoted =
        words_of(text, static_cast<std::size_t>(random.below(starts)), settings.piece_words);
    pool.push_back(
        {text, quoted, "In above context, which sentence contains the piece \"" + quoted + "\"?", {text}});
  }
  Task task = deal(pool, settings, input.tokens, input.settings.seed, "document");
  task.notes["sentences"] = pool.size();
  if (none_fits)
    task.notes["words of a sentence"] = fmt::format("{} to {}", settings.min_words, settings.max_words);
  odd.note(task.notes);
  return task;
}

}  // namespace film::tasks

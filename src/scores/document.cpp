// Which sentence contains this piece? Sentences of local text, pieces of consecutive words; the answer stands
// on both sides of what is quoted (bi-directional).
#include <set>

#include "builders.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/random.h"
#include "pieces.h"

namespace film::scores {
namespace {

bool ends_sentence(const std::string& word) {
  std::string_view w = word;
  while (!w.empty() && (w.back() == '"' || w.back() == '\'' || w.back() == ')')) w.remove_suffix(1);
  return !w.empty() && (w.back() == '.' || w.back() == '!' || w.back() == '?');
}

// Sentences of one paragraph, as words. Good enough to find clean ones: odd cuts fail the length limits or do
// no harm.
void add_sentences(const std::string& paragraph, const DocumentSettings& settings,
                   std::set<std::vector<std::string>>& seen,
                   std::vector<std::vector<std::string>>& sentences) {
  std::vector<std::string> current;
  for (const std::string& word : split_words(paragraph)) {
    current.push_back(word);
    if (!ends_sentence(word)) continue;
    if (current.size() >= settings.min_words && current.size() <= settings.max_words &&
        seen.insert(current).second)
      sentences.push_back(current);
    current.clear();
  }
}

bool is_jsonl(const fs::path& path) { return path.string().find(".jsonl") != std::string::npos; }

// Paragraphs end at blank lines: prose is often wrapped, and a sentence goes on over the line break.
class SentenceReader {
 public:
  explicit SentenceReader(const DocumentSettings& settings) : settings_(settings) {}

  void line(const std::string& text) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) return end_paragraph();
    paragraph_ += text + " ";
  }
  void text(const std::string& whole) {
    std::size_t begin = 0;
    while (begin <= whole.size()) {
      const std::size_t end = std::min(whole.find('\n', begin), whole.size());
      line(whole.substr(begin, end - begin));
      begin = end + 1;
    }
    end_paragraph();
  }
  void end_paragraph() {
    add_sentences(paragraph_, settings_, seen_, sentences_);
    paragraph_.clear();
  }
  std::vector<std::vector<std::string>> take() { return std::move(sentences_); }

 private:
  const DocumentSettings& settings_;
  std::string paragraph_;
  std::set<std::vector<std::string>> seen_;
  std::vector<std::vector<std::string>> sentences_;
};

std::vector<std::vector<std::string>> read_sentences(const DocumentSettings& settings) {
  SentenceReader sentences(settings);
  for (const fs::path& path : source_files(settings.source, {".txt", ".md", ".jsonl"}, "document.source")) {
    LineReader reader(path);
    for (std::string line; reader.next(line);) {
      if (is_jsonl(path))
        sentences.text(
            member<std::string>(parse_json(line, reader.where()), settings.text_key.c_str(), reader.where()));
      else
        sentences.line(line);
    }
    sentences.end_paragraph();
  }
  return sentences.take();
}

std::string joined(const std::vector<std::string>& words, std::size_t begin, std::size_t count) {
  std::string text;
  for (std::size_t i = begin; i < begin + count; ++i) text += (i == begin ? "" : " ") + words[i];
  return text;
}

}  // namespace

Probe build_document(const TaskInput& input) {
  const DocumentSettings& settings = input.settings.document;
  const auto sentences = read_sentences(settings);
  std::vector<Piece> pool;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    Random random(input.settings.seed, "probe.document.piece", i);
    const auto& words = sentences[i];
    const std::size_t first = static_cast<std::size_t>(random.below(words.size() - settings.piece_words + 1));
    const std::string text = joined(words, 0, words.size()),
                      quoted = joined(words, first, settings.piece_words);
    pool.push_back(
        {text, quoted, "In above context, which sentence contains the piece \"" + quoted + "\"?", {text}});
  }
  Probe probe = deal(pool, settings, input.tokens, input.settings.seed, "document");
  probe.notes["sentences"] = pool.size();
  return probe;
}

}  // namespace film::scores

#pragma once
// Private to the module: the work on a batch of the corpus that needs no other batch.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "documents.h"
#include "film/cleaning/duplicates.h"
#include "film/cleaning/evaluation_texts.h"
#include "film/text/segmenter.h"
#include "planter.h"
#include "source_hashes.h"
#include "store_writer.h"

namespace film::corpus {

struct PreparedDocument {
  StoredDocument stored;
  std::vector<std::uint16_t> attributes;  // of its segments, as in CorpusIndex
  std::vector<std::uint32_t> hashes;      // the same, of the text as it was before a needle was put into it
  std::uint64_t key = 0;
};

// A text of the corpus: one document, or the parts that it was cut into.
struct PreparedText {
  std::size_t row = 0;  // in its batch
  std::size_t file = 0;
  std::uint64_t line = 0;  // as in Document
  cleaning::Fingerprint fingerprint;
  std::vector<PreparedDocument> documents;
};

struct PreparedBatch {
  std::vector<PreparedText> texts;
  std::vector<RejectedRow> odd;  // rows that are no documents, and documents left out, in the order of rows
  std::map<std::string, std::uint64_t> noted;
  std::uint64_t bytes = 0;
  bool last = false;  // nothing comes after it, and nothing is in it
};

// The stretch of a list of files whose batches are prepared, by where they begin (sources::Batch::before).
struct Stretch {
  std::uint64_t begin = 0, end = UINT64_MAX;
};

// Batch by batch; prepare() may be called from several threads at once.
class Preparer {
 public:
  // Keeps references. `cut`: long documents into parts. `evaluation`: nothing where no evaluation file is named.
  Preparer(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
           const text::Tokenizer& tokenizer, std::uint64_t seed, bool cut,
           const cleaning::EvaluationTexts* evaluation, const Stretch& stretch = {});
  PreparedBatch prepare(std::size_t number);
  SourceHashes& source_hashes() { return hashes_; }

 private:
  PreparedText prepare_text(Document document, std::uint64_t key, std::size_t row, std::size_t file,
                            PreparedBatch& batch) const;
  void add_parts(const Document& document, PreparedText& text, PreparedBatch& batch) const;
  bool add_document(Document document, std::uint64_t key, PreparedText& text, PreparedBatch& batch) const;
  void store(const text::Segment& segment, PreparedDocument& prepared) const;
  void plant(const text::Segment& segment, PreparedDocument& prepared) const;

  const std::vector<sources::SourceFile>& files_;
  const CorpusSettings& settings_;
  const bool cut_;
  const text::Tokenizer& tokenizer_;
  const text::TokenIds newline_;
  const int token_bytes_;
  const Planter planter_;
  const std::uint64_t seed_;
  const cleaning::EvaluationTexts* evaluation_;
  const Stretch stretch_;
  sources::SourceReader reader_;
  SourceHashes hashes_;
};

}  // namespace film::corpus

#pragma once
// Rows of the corpus's files -> documents.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "film/corpus/settings.h"
#include "film/records/records.h"
#include "film/sources/rows.h"

namespace film::corpus {

inline constexpr const char* kSpaceMarkNote = "space_mark";

// A row that is not a document, and why: a sources::RowFault's word, or no_text_field, text_not_a_string, empty.
struct RejectedRow {
  std::size_t file = 0;  // number in the list of files
  std::string where;     // "docs/a.jsonl:12"
  std::string reason;
  std::string detail;     // for people; may be empty
  std::size_t row = 0;    // in its batch
  bool left_out = false;  // it is a document, but not one that may be used
};

struct Documents {
  std::vector<Document> documents;
  std::vector<std::size_t> files;  // file number of each document
  std::vector<std::size_t> rows;   // number of each in the batch
  std::vector<RejectedRow> rejected;
  // Documents that are not quite what the file says, by reason: a sources::RowNote's word, or kSpaceMarkNote: U+2581 in the
  // text, which SentencePiece takes for a space and gives back as one.
  std::map<std::string, std::uint64_t> noted;
};

// A text is kept as it is, but for clean_text().
Documents read_documents(const sources::Batch& batch, const std::vector<sources::SourceFile>& files,
                         const CorpusSettings& settings);

// Every line ends with "\n", whatever it ended with ("\r\n", "\r"); byte order marks at the beginning of lines, blank
// lines at both ends and white space at the end go.
std::string clean_text(std::string text);

}  // namespace film::corpus

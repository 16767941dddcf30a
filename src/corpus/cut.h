#pragma once
// Private to the module: one long document -> parts that are documents of their own, so that a book can be its own
// source of fillers and of held-out text.
#include <string>
#include <string_view>
#include <vector>

#include "film/corpus/build.h"
#include "film/text/tokenizer.h"

namespace film::corpus {

struct DocumentPart {
  std::size_t line = 0;  // of the document's text, where it begins, from 0
  std::string text;
  std::string heading;  // its first line if that is one, without marks; else empty
};

// Parts follow each other without gaps: joined with '\n' they are the text. A part ends before a heading once it holds a
// quarter of cut.tokens; else before the first paragraph past cut.tokens, and where no blank line comes within another
// quarter, at that line. What is left at the end, if it is less than a quarter, belongs to the last part.
std::vector<DocumentPart> cut_document(std::string_view text, const text::Tokenizer& tokenizer,
                                       const CutSettings& settings);

// Whether documents are cut at all. Of a corpus that may be one document it reads up to two batches.
bool cuts_documents(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                    const CorpusNeeds& needs);

}  // namespace film::corpus

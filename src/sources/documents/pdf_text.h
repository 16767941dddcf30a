#pragma once
// Private to the module: lines on pages -> paragraphs.
#include <set>
#include <string>
#include <vector>

#include "film/sources/rows.h"
#include "pdf_pages.h"

namespace film::sources {

// Takes out blocks of at most two lines in the top or bottom 12 % of a page that are there, digits aside, on a quarter of
// the pages (three at least), or are a page's number alone.
void remove_running_heads(std::vector<PdfPage>& pages);

// A heading is a block of one to three lines, all of them set at least a fifth larger than most of the document's characters,
// with 100 bytes of text at most and two letters or digits at least. It becomes "# …": of several sizes the largest, the next "## …".
// A paragraph is a block, cut where a line begins further right than the block, or where the line before had place for the
// word that follows. It goes on in the next block where it does not end in a sentence's end and that begins in lower case
// or, behind a Han character, with one. A hyphen at a line's end stays where the document has the word with it more often
// than without; where it has neither, it goes (noted as guessed_hyphen).
std::string pdf_text(const std::vector<PdfPage>& pages, std::set<RowNote>& notes);

}  // namespace film::sources

#pragma once
// Gives imported rows their context and evidence:
//   context and quotes: each quote must occur in exactly one segment of that context
//   context alone:      the evidence is the context's own
//   quotes alone:       a context that holds them all, first one whose evidence they are, then the one with
//                       the fewest questions, then the lowest id
#include <map>
#include <optional>
#include <vector>

#include "film/records/records.h"
#include "quote_index.h"
#include "rows.h"

namespace film::questions {

class Placement {
 public:
  explicit Placement(const Source& source) : source_(source) {}  // keeps a reference
  // Adds the questions of the rows without a reason to their contexts, or gives the row a reason. Quotes that are not
  // found as they are written are looked for in any typographic form, and for those found nowhere the detail names the
  // text that is most like them. Reads the texts of the source if a row quotes them. Throws stopped.
  void place(std::vector<ImportRow>& rows);

  const std::map<std::uint64_t, std::vector<Question>>& placed() const { return placed_; }  // by context id

 private:
  // Where the quotes of one row occur in one context.
  struct Match {
    std::vector<std::uint32_t> positions;  // ascending, once each
    bool unique = true;                    // each quote in one segment
    bool evidence = true;                  // each in a segment of the context's evidence
  };
  void place_all(const std::vector<ImportRow*>& rows, QuoteForm form);
  void place_one(ImportRow& row);
  void name_nearest(const std::vector<ImportRow*>& rows);
  bool is_missing(const std::string& quote, const ImportRow& row);
  std::optional<Match> match(const Context& context, const ImportRow& row);  // nothing: a quote is missing
  void place_in_context(ImportRow& row);
  void place_by_quotes(ImportRow& row);
  std::size_t questions_on(std::uint64_t context) const;
  void keep(const ImportRow& row, const Context& context, const std::vector<std::uint32_t>& positions);

  const Source& source_;
  QuoteIndex index_{QuoteForm::plain};
  std::map<std::uint64_t, std::vector<Question>> placed_;
};

}  // namespace film::questions

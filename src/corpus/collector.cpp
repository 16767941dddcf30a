#include "collector.h"

#include "film/base/error.h"

namespace film::corpus {

void Collector::take(PreparedBatch batch) {
  auto odd = batch.odd.begin();
  for (PreparedText& text : batch.texts) {
    if (full()) return;
    for (; odd != batch.odd.end() && odd->row <= text.row; ++odd) reject(*odd);
    if (repeats(text)) continue;
    for (PreparedDocument& document : text.documents)
      if (!full()) add(document, text.file);
  }
  if (full()) return;
  for (; odd != batch.odd.end(); ++odd) reject(*odd);
  for (const auto& [reason, count] : batch.noted) tally_.note(reason, count);
}

void Collector::reject(const RejectedRow& row) {
  if (row.left_out)
    tally_.leave_out(row);
  else
    tally_.count(row);
  rejected_.add(row);
}

// A text that repeats one before is left out, all its parts with it.
bool Collector::repeats(const PreparedText& text) {
  if (text.documents.empty()) return false;
  const auto match = duplicates_.match(text.fingerprint);
  if (!match) {
    duplicates_.keep(text.fingerprint, index_.documents());
    return false;
  }
  const std::string where = sources::where(text.documents.front().stored.info.source, text.line);
  reject({text.file, where, match->exact ? "duplicate" : "near_duplicate",
          "of document " + std::to_string(match->document), text.row, true});
  return true;
}

void Collector::add(PreparedDocument& document, std::size_t file) {
  index(document);
  writer_.add(document.stored);
  if (keys_.size() < kSmall) keys_.push_back(document.key);
  tally_.count(file, document.stored);
}

void Collector::index(const PreparedDocument& document) {
  const StoredDocument& stored = document.stored;
  if (index_.segments() + stored.rows.size() >= UINT32_MAX)
    throw bad_data("the corpus holds more than 4,294,967,294 segments",
                   "split it over several DATA folders: film train mixes them");
  const auto id = static_cast<std::uint32_t>(index_.documents());
  for (const SegmentRow& row : stored.rows) index_.tokens.push_back(row.tokens);
  index_.document.resize(index_.tokens.size(), id);
  index_.hash.insert(index_.hash.end(), document.hashes.begin(), document.hashes.end());
  index_.attribute.insert(index_.attribute.end(), document.attributes.begin(), document.attributes.end());
  if (stored.continues) index_.continues.resize(index_.documents());
  if (stored.continues || !index_.continues.empty()) index_.continues.push_back(stored.continues);
  index_.split.push_back(stored.info.split);
  index_.first_segment.push_back(index_.segments());
}

}  // namespace film::corpus

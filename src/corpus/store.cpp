#include "film/corpus/store.h"

#include <algorithm>

#include "film/base/error.h"

namespace film::corpus {
namespace {

Error truncated(const fs::path& path, const std::string& what) {
  return bad_data(path.string() + ": " + what,
                  "the segment store is damaged: run film synth again into a new folder");
}

// Tokens that the index rows claim; the rows must follow each other without gaps.
std::uint64_t tokens_claimed(const MappedFile& index) {
  const auto rows = index.values<SegmentRow>();
  if (rows.empty()) return 0;
  return rows.back().first_token + rows.back().tokens;
}

}  // namespace

int stored_token_bytes(std::size_t vocab_size) { return vocab_size <= 65536 ? 2 : 4; }

fs::path part_path(const std::string& folder, std::size_t number, const std::string& ending) {
  std::string digits = std::to_string(number);
  if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
  return fs::path(folder) / ("part-" + digits + ending);
}

SegmentStore::SegmentStore(const fs::path& data, int token_bytes) : token_bytes_(token_bytes) {
  for (std::size_t number = 0; fs::exists(data / part_path("segments", number, ".index")); ++number) {
    Part part;
    part.first = size_;
    part.index = MappedFile(data / part_path("segments", number, ".index"));
    part.tokens = MappedFile(data / part_path("segments", number, ".tokens"));
    const std::uint64_t claimed = tokens_claimed(part.index) * static_cast<std::uint64_t>(token_bytes);
    if (part.tokens.bytes().size() != claimed)
      throw truncated(part.tokens.path(), "expected " + std::to_string(claimed) +
                                              " bytes by its index, got " +
                                              std::to_string(part.tokens.bytes().size()));
    size_ += part.index.values<SegmentRow>().size();
    parts_.push_back(std::move(part));
  }
  if (parts_.empty()) throw no_input("there is no segment store in " + data.string(), "run film synth first");
}

const SegmentStore::Part& SegmentStore::part_of(std::uint64_t segment) const {
  if (segment >= size_)
    throw bad_data("segment " + std::to_string(segment) + " is not in the store, which holds " +
                   std::to_string(size_));
  const auto after = std::ranges::upper_bound(parts_, segment, {}, &Part::first);
  return *(after - 1);
}

const SegmentRow& SegmentStore::row(std::uint64_t segment) const {
  const Part& part = part_of(segment);
  return part.index.values<SegmentRow>()[segment - part.first];
}

void SegmentStore::append_tokens(std::uint64_t segment, text::TokenIds& ids) const {
  const Part& part = part_of(segment);
  const SegmentRow& at = part.index.values<SegmentRow>()[segment - part.first];
  const auto append = [&](const auto& stored) {
    if (at.first_token > stored.size() || at.tokens > stored.size() - at.first_token)
      throw truncated(part.index.path(),
                      "segment " + std::to_string(segment) + " lies outside the tokens file");
    const auto from = stored.subspan(at.first_token, at.tokens);
    ids.insert(ids.end(), from.begin(), from.end());
  };
  if (token_bytes_ == 2)
    append(part.tokens.values<std::uint16_t>());
  else
    append(part.tokens.values<text::TokenId>());
}

}  // namespace film::corpus

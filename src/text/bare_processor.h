#pragma once
// SentencePiece with the same model, but without the dummy prefix. Loaded when it is first needed: most commands never do.
#include <sentencepiece_processor.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "film/text/tokenizer.h"

namespace film::text {

// Throws bad_data where SentencePiece refuses the model.
void hand_over(const std::filesystem::path& path, std::string_view bytes,
               sentencepiece::SentencePieceProcessor& processor);

// Ids of `text` as SentencePiece gives them; throws internal_error where it fails.
void encode_whole(const sentencepiece::SentencePieceProcessor& processor, std::string_view text,
                  TokenIds& ids);

class BareProcessor {
 public:
  BareProcessor(std::filesystem::path path, std::string_view bytes) : path_(std::move(path)), bytes_(bytes) {}
  // May be called from several threads.
  const sentencepiece::SentencePieceProcessor& get() const;

 private:
  std::filesystem::path path_;
  mutable std::string bytes_;  // of the model file; until it is loaded
  mutable std::once_flag once_;
  mutable sentencepiece::SentencePieceProcessor processor_;
};

}  // namespace film::text

#include "bare_processor.h"

#include "film/base/error.h"
#include "model_file.h"

namespace film::text {

void hand_over(const std::filesystem::path& path, std::string_view bytes,
               sentencepiece::SentencePieceProcessor& processor) {
  const auto status = processor.LoadFromSerializedProto(bytes);
  if (!status.ok())
    throw bad_data(path.string() + ": SentencePiece refuses this model: " + status.ToString(),
                   "download it again, or use another model's tokenizer.model");
}

void encode_whole(const sentencepiece::SentencePieceProcessor& processor, std::string_view text,
                  TokenIds& ids) {
  const auto status = processor.Encode(text, &ids);
  if (!status.ok()) throw internal_error("SentencePiece cannot encode a text: " + status.ToString());
}

const sentencepiece::SentencePieceProcessor& BareProcessor::get() const {
  std::call_once(once_, [this] {
    hand_over(path_, without_dummy_prefix(bytes_), processor_);
    bytes_ = {};
  });
  return processor_;
}

}  // namespace film::text

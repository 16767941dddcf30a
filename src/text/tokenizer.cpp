#include "film/text/tokenizer.h"

#include <sentencepiece_processor.h>

#include <optional>

#include "bare_processor.h"
#include "decode_table.h"
#include "exactness.h"
#include "fast_encoder.h"
#include "film/base/error.h"
#include "film/base/files.h"

namespace film::text {

using sentencepiece::SentencePieceProcessor;

class Tokenizer::Model {
 public:
  Model(const fs::path& model_path, std::string_view bytes)
      : path(model_path), sha(film::sha256(bytes)), bare(model_path, bytes) {
    const ModelFile file = parse_model_file(path, bytes);
    exactness = examine(file, pairs);
    lead = file.add_dummy_prefix ? " " : "";
    hand_over(path, bytes, whole);
    if (whole.bos_id() < 0 || whole.eos_id() < 0)
      throw bad_data(path.string() + ": the model has no <s> or no </s> piece",
                     "film marks where prompts begin and answers end with them: use a model that has both");
    if (cuts()) fast.emplace(file, pairs, bare);
    if (!file.rewrites_decoded) table.emplace(file, whole);
  }

  bool cuts() const { return exactness.no_cuts.empty(); }

  fs::path path;
  std::string sha;
  PairTable pairs;
  Exactness exactness;
  std::string_view lead;             // what encode() puts in front: the dummy prefix
  SentencePieceProcessor whole;      // the model as it is
  BareProcessor bare;                // the same without dummy prefix
  std::optional<FastEncoder> fast;   // where texts may be cut
  std::optional<DecodeTable> table;  // none where the model rewrites what is decoded
};

Tokenizer::Tokenizer(std::shared_ptr<const Model> model) : model_(std::move(model)) {}

Tokenizer Tokenizer::load(const fs::path& model) {
  return Tokenizer(std::make_shared<const Model>(model, read_file(model)));
}

TokenIds Tokenizer::encode(std::string_view text) const {
  if (model_->cuts()) return model_->fast->encode(model_->lead, text);
  TokenIds ids;
  encode_whole(model_->whole, text, ids);
  return ids;
}

TokenIds Tokenizer::encode_continuation(std::string_view text) const {
  if (model_->cuts()) return model_->fast->encode({}, text);
  TokenIds ids;
  encode_whole(model_->bare.get(), text, ids);
  return ids;
}

std::string Tokenizer::decode(std::span<const TokenId> ids) const {
  const auto size = static_cast<TokenId>(vocab_size());
  for (const TokenId id : ids)
    if (id < 0 || id >= size) static_cast<void>(piece(id));  // throws
  if (model_->table) return model_->table->decode(ids);
  std::string text;
  const auto status = model_->whole.Decode(std::vector<int>(ids.begin(), ids.end()), &text);
  if (!status.ok()) throw internal_error("SentencePiece cannot decode: " + status.ToString());
  return text;
}

std::string Tokenizer::piece(TokenId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= vocab_size())
    throw bad_data("token id " + std::to_string(id) + " is not in the vocabulary of " +
                       model_->path.string() + " (0 to " + std::to_string(vocab_size() - 1) + ")",
                   "these ids were made with another tokenizer");
  return model_->whole.IdToPiece(id);
}

TokenId Tokenizer::bos() const { return model_->whole.bos_id(); }
TokenId Tokenizer::eos() const { return model_->whole.eos_id(); }
std::size_t Tokenizer::vocab_size() const { return static_cast<std::size_t>(model_->whole.GetPieceSize()); }
bool Tokenizer::splits_at_newlines() const { return model_->exactness.no_joining.empty(); }
const std::string& Tokenizer::why_not_split() const { return model_->exactness.no_joining; }
const std::string& Tokenizer::sha256() const { return model_->sha; }
const fs::path& Tokenizer::path() const { return model_->path; }

}  // namespace film::text

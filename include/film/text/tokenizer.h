#pragma once
// Text <-> token ids, exactly as SentencePiece does it and much faster (docs/design.md, "The tokenizer").
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace film::text {

using TokenId = std::int32_t;
using TokenIds = std::vector<TokenId>;

// Thread-safe after loading; cheap to copy (shares one model). What it remembers of texts seen is bounded: at
// most 20 MiB for each call that runs at the same time.
class Tokenizer {
 public:
  // Reads a SentencePiece .model file. Throws no_input, bad_data (not such a model, with what it
  // looks like instead).
  static Tokenizer load(const std::filesystem::path& model);

  // Ids of a text that starts a prompt: SentencePiece's own result (with its dummy prefix), without <s>. Any
  // bytes are taken; one that is not UTF-8 counts as U+FFFD.
  TokenIds encode(std::string_view text) const;
  // Ids of a text that follows a newline (or, cut at a space run, any text): no dummy prefix. For texts A,
  // B with A not empty: encode(A + "\n" + B) == encode(A) + encode_continuation("\n") +
  // encode_continuation(B) wherever splits_at_newlines().
  TokenIds encode_continuation(std::string_view text) const;
  // Control pieces (<s>, </s>) are left out, and so is a space in front. Throws bad_data on an id that is not
  // in the vocabulary.
  std::string decode(std::span<const TokenId> ids) const;
  std::string piece(TokenId id) const;  // the raw piece, e.g. "▁the", "<0x0A>"; throws as decode() does

  TokenId bos() const;
  TokenId eos() const;
  std::size_t vocab_size() const;
  // True when cutting at newlines and before space runs is exact for this vocabulary (proved from its pieces
  // when loading). False: joining separately encoded lines is not exact, and where no cut at all can be
  // proved exact, encode() is as slow as SentencePiece.
  bool splits_at_newlines() const;
  const std::string& why_not_split() const;  // for people: "it is not a BPE model"; empty when it does
  const std::string& sha256() const;         // of the model file
  const std::filesystem::path& path() const;

 private:
  class Model;
  explicit Tokenizer(std::shared_ptr<const Model> model);
  std::shared_ptr<const Model> model_;
};

}  // namespace film::text

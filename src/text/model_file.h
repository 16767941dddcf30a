#pragma once
// What film must know of a SentencePiece model file: its pieces and the options that decide whether text
// may be cut.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace film::text {

struct ModelPiece {
  // Values of SentencePiece's own enum.
  enum Type : unsigned { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };
  std::string_view text;  // into the file's bytes
  Type type = normal;
  float score = 0;
};

struct ModelFile {
  enum Kind : unsigned { unigram = 1, bpe = 2, word = 3, character = 4 };
  std::vector<ModelPiece> pieces;
  // Defaults of SentencePiece's protobuf.
  Kind kind = unigram;
  bool byte_fallback = false;
  bool whitespace_as_suffix = false;
  bool rewrites_characters = false;  // a normaliser other than identity
  bool rewrites_decoded = false;     // a denormaliser other than identity
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool escape_whitespaces = true;
};

// Throws bad_data naming what the file looks like instead: empty, a git-lfs pointer, JSON, HTML,
// cut short, other.
ModelFile parse_model_file(const std::filesystem::path& path, std::string_view bytes);

// The same model with add_dummy_prefix off, as bytes for SentencePiece.
std::string without_dummy_prefix(std::string_view bytes);

}  // namespace film::text

#include "exactness.h"

namespace film::text {
namespace {

// BPE merges two neighbours only into a piece of the vocabulary, best score first, leftmost of equals: where
// no piece holds a pair of characters nothing merges across it, and either side's order of merges is its own.
// That needs characters to reach the merges unchanged. What would break it:
std::string options_against_cuts(const ModelFile& model) {
  // A unigram path's score is one float summed from the start of the text, so its rounding depends
  // on what precedes.
  if (model.kind != ModelFile::bpe) return "it is not a BPE model";
  // Without bytes to fall back on, neighbouring unknown characters become one token.
  if (!model.byte_fallback) return "it has no byte fallback";
  if (model.rewrites_characters) return "its normaliser rewrites characters";
  if (model.remove_extra_whitespaces) return "its normaliser removes spaces";
  if (!model.escape_whitespaces) return "it does not escape spaces";
  if (model.whitespace_as_suffix) return "it puts the dummy space at the end";
  return {};
}

std::string add_pieces(const ModelFile& model, PairTable& pairs) {
  for (const ModelPiece& piece : model.pieces) {
    // An unused piece is taken apart by whichever merge was proposed last anywhere in the text.
    if (piece.type == ModelPiece::unused) return "it has unused pieces";
    // Control, unknown and byte pieces never take part in merges.
    if (piece.type != ModelPiece::normal && piece.type != ModelPiece::user_defined) continue;
    if (!pairs.add_piece(piece.text)) return "a piece is not UTF-8";
  }
  return {};
}

}  // namespace

Exactness examine(const ModelFile& model, PairTable& pairs) {
  Exactness result;
  result.no_cuts = options_against_cuts(model);
  if (result.no_cuts.empty()) result.no_cuts = add_pieces(model, pairs);
  if (!result.no_cuts.empty())
    result.no_joining = result.no_cuts;
  else if (pairs.joined_at_all(U'\n'))
    result.no_joining = "a piece holds a newline beside another character";
  else if (pairs.joined_after_other(U' '))
    result.no_joining = "a piece holds a space behind another character";
  return result;
}

}  // namespace film::text

#pragma once
// What the document, code and database probes share: a pool of pieces, each with one possible question, dealt
// into contexts of a token length with the questions' slots spread evenly.
#include <string>
#include <vector>

#include "film/scores/probe.h"
#include "film/scores/settings.h"

namespace film::scores {

struct Piece {
  std::string text;  // one or more lines; stands in the context as it is
  std::string
      quoted;  // what the question quotes; a piece whose quote stands twice in its context is not asked
  std::string question;
  std::vector<std::string> expected;
};

// Contexts are filled from random pieces without repetition until the next one would pass context_tokens,
// then shuffled, so every piece is equally likely in every slot. Each context is asked ceil(items / contexts)
// questions at slots drawn one from each equal share of the context; contexts are added until `items`
// questions were tried. Those whose quote is ambiguous are left out and counted in
// notes["left_out"]["ambiguous"]. Throws config_error when context_tokens holds fewer than two pieces.
Probe deal(const std::vector<Piece>& pool, const ProbeSize& size, const LineTokens& tokens,
           std::uint64_t seed, const std::string& task);

// Files below `source` (or the file itself) with one of the endings, ascending by path; throws no_input
// naming the setting. ".gz" and ".zst" behind an ending are accepted.
std::vector<fs::path> source_files(const std::string& source, const std::vector<std::string>& endings,
                                   const std::string& setting);

std::vector<std::string> split_words(std::string_view text);  // at ASCII white space

}  // namespace film::scores

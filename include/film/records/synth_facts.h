#pragma once
// Facts in the manifest.json of a DATA folder, written by `film synth` (docs/formats.md).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "film/records/records.h"

namespace film {

struct TokenizerFacts {
  std::string sha256;                 // of the .model file
  std::uint64_t pieces = 0;           // vocabulary size
  std::vector<std::int32_t> newline;  // the ids of "\n", which part the segments of a context

  template <class Self, class Visitor>
  static void fields(Self& tokenizer, Visitor& visit) {
    visit("sha256", tokenizer.sha256);
    visit("pieces", tokenizer.pieces);
    visit("newline", tokenizer.newline);
  }
};

struct CorpusCounts {
  std::uint64_t documents = 0, segments = 0, tokens = 0;
  std::uint64_t planted = 0;  // segments with a needle

  template <class Self, class Visitor>
  static void fields(Self& counts, Visitor& visit) {
    visit("documents", counts.documents);
    visit("segments", counts.segments);
    visit("tokens", counts.tokens);
    visit("planted", counts.planted);
  }
};

// How often lines were cut where a segment would be too long.
struct CutFacts {
  std::uint64_t at_sentences = 0, inside = 0;  // at ends of sentences, inside them

  template <class Self, class Visitor>
  static void fields(Self& cuts, Visitor& visit) {
    visit("at_sentences", cuts.at_sentences);
    visit("inside", cuts.inside);
  }
};

// Tokens in a segment.
struct SegmentTokens {
  std::uint32_t at_least = 0;  // the setting segment.tokens
  double mean = 0;
  std::uint32_t shortest = 0, longest = 0;
  std::optional<std::uint32_t> at_most;  // these two only where lines were cut
  std::optional<CutFacts> cuts;

  template <class Self, class Visitor>
  static void fields(Self& tokens, Visitor& visit) {
    visit("at_least", tokens.at_least);
    visit("mean", tokens.mean);
    visit("shortest", tokens.shortest);
    visit("longest", tokens.longest);
    visit("at_most", tokens.at_most);
    visit("cuts", tokens.cuts);
  }
};

struct CorpusCountsBySplit {
  CorpusCounts train, validation, test;
  CorpusCounts& operator[](Split split) {
    return split == Split::train ? train : split == Split::validation ? validation : test;
  }

  template <class Self, class Visitor>
  static void fields(Self& counts, Visitor& visit) {
    visit("train", counts.train);
    visit("validation", counts.validation);
    visit("test", counts.test);
  }
};

// What the corpus was compared with (film/cleaning/evaluation_texts.h).
struct DecontaminationFacts {
  struct File {
    std::string name;
    std::uint64_t rows = 0, texts = 0, too_short = 0;  // texts: strings in the rows; too short to be compared

    template <class Self, class Visitor>
    static void fields(Self& file, Visitor& visit) {
      visit("name", file.name);
      visit("rows", file.rows);
      visit("texts", file.texts);
      visit("too_short", file.too_short);
    }
  };
  std::uint32_t words = 0, han_words = 0;  // in a row that are an overlap
  std::vector<File> files;

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit("words", facts.words);
    visit("han_words", facts.han_words);
    visit("files", facts.files);
  }
};

struct CorpusFacts {
  std::uint64_t files = 0, bytes = 0;  // of the inputs
  CorpusCounts all;
  SegmentTokens segment_tokens;
  CorpusCountsBySplit by_split;
  std::map<std::string, std::uint64_t> rejected;  // by reason
  std::vector<std::string> rejected_examples;     // the first few, "file:line: reason"
  std::optional<std::map<std::string, std::uint64_t>>
      noted;  // documents not quite as in the files, by reason
  // Documents left out since they repeat one before, or share words with an evaluation text, by reason.
  std::optional<std::map<std::string, std::uint64_t>> left_out;
  std::optional<DecontaminationFacts> decontamination;  // only where evaluation files were named

  template <class Self, class Visitor>
  static void fields(Self& corpus, Visitor& visit) {
    visit("files", corpus.files);
    visit("bytes", corpus.bytes);
    CorpusCounts::fields(corpus.all, visit);
    visit("segment_tokens", corpus.segment_tokens);
    visit("by_split", corpus.by_split);
    visit("rejected", corpus.rejected);
    visit("rejected_examples", corpus.rejected_examples);
    visit("noted", corpus.noted);
    visit("left_out", corpus.left_out);
    visit("decontamination", corpus.decontamination);
  }
};

struct NeedleFacts {
  std::string sentence, question;  // templates: the settings records.sentence and records.question
  std::uint64_t attributes = 0, values = 0;
  std::uint64_t one_token_values = 0;            // values that are one token behind a space
  std::map<std::string, std::uint64_t> planted;  // needles by attribute

  template <class Self, class Visitor>
  static void fields(Self& needles, Visitor& visit) {
    visit("sentence", needles.sentence);
    visit("question", needles.question);
    visit("attributes", needles.attributes);
    visit("values", needles.values);
    visit("one_token_values", needles.one_token_values);
    visit("planted", needles.planted);
  }
};

struct ContextCounts {
  std::uint64_t contexts = 0, tokens = 0;
  std::uint64_t questions = 0;  // evidence segments

  template <class Self, class Visitor>
  static void fields(Self& counts, Visitor& visit) {
    visit("contexts", counts.contexts);
    visit("tokens", counts.tokens);
    visit("questions", counts.questions);
  }
};

// Pearson's statistic over the bins with an expected count above 0.
struct ChiSquare {
  double statistic = 0;
  std::uint32_t degrees = 0;  // of freedom
  double p = 1;               // chance of a larger statistic if the expectation holds

  template <class Self, class Visitor>
  static void fields(Self& test, Visitor& visit) {
    visit("statistic", test.statistic);
    visit("degrees", test.degrees);
    visit("p", test.p);
  }
};

// Context lengths in tokens, in equal bins from `low` to `high`.
struct LengthHistogram {
  double low = 0, high = 0;
  std::uint32_t shortest = 0, longest = 0;
  std::vector<double> counts;
  std::optional<ChiSquare> chi_square;  // only where lengths are drawn, against even counts

  template <class Self, class Visitor>
  static void fields(Self& lengths, Visitor& visit) {
    visit("low", lengths.low);
    visit("high", lengths.high);
    visit("shortest", lengths.shortest);
    visit("longest", lengths.longest);
    visit("counts", lengths.counts);
    visit("chi_square", lengths.chi_square);
  }
};

// How far lengths are from what was asked for, in tokens.
struct LengthDeviation {
  double mean = 0;
  std::uint64_t max = 0;

  template <class Self, class Visitor>
  static void fields(Self& deviation, Visitor& visit) {
    visit("mean", deviation.mean);
    visit("max", deviation.max);
  }
};

// Evidence by depth (slot + 1/2) / segments.
struct SlotHistogram {
  std::vector<double> counts, expected;  // expected: every slot equally likely; empty with position weights
  std::optional<ChiSquare> chi_square;   // of counts against expected

  template <class Self, class Visitor>
  static void fields(Self& slots, Visitor& visit) {
    visit("counts", slots.counts);
    visit("expected", slots.expected);
    visit("chi_square", slots.chi_square);
  }
};

// Evidence by the depth of its first token.
struct OffsetHistogram {
  std::vector<double> counts;

  template <class Self, class Visitor>
  static void fields(Self& offsets, Visitor& visit) {
    visit("counts", offsets.counts);
  }
};

// Fillers that are not all random.
struct FillerFacts {
  std::string grade;                   // the setting contexts.fillers.grade
  std::uint64_t alike = 0, count = 0;  // fillers that are of the grade; all

  template <class Self, class Visitor>
  static void fields(Self& fillers, Visitor& visit) {
    visit("grade", fillers.grade);
    visit("alike", fillers.alike);
    visit("count", fillers.count);
  }
};

// Unanswerable twins: contexts of the train split that are another one without its evidence.
struct TwinFacts {
  double share =
      0;  // the setting contexts.twins: questions about one for each training question with an answer
  std::uint64_t count = 0;  // contexts; more than are needed, since not every question is kept

  template <class Self, class Visitor>
  static void fields(Self& twins, Visitor& visit) {
    visit("share", twins.share);
    visit("count", twins.count);
  }
};

struct ContextFacts {
  ContextCounts all;
  std::map<std::string, ContextCounts> by_split, by_kind;  // only those with contexts
  // These leave kind `short` out; without others there are no lengths.
  std::optional<LengthHistogram> lengths;
  std::optional<LengthDeviation> target_deviation;  // only where contexts have a target length
  SlotHistogram slots;
  OffsetHistogram offsets;
  std::optional<FillerFacts> fillers;  // only where they are not all random
  std::optional<TwinFacts>
      twins;  // only where there are some; of the numbers above they are in the counts alone

  template <class Self, class Visitor>
  static void fields(Self& contexts, Visitor& visit) {
    ContextCounts::fields(contexts.all, visit);
    visit("by_split", contexts.by_split);
    visit("by_kind", contexts.by_kind);
    visit.or_empty_object("lengths", contexts.lengths);
    visit("target_deviation", contexts.target_deviation);
    visit("slots", contexts.slots);
    visit("offsets", contexts.offsets);
    visit("fillers", contexts.fillers);
    visit("twins", contexts.twins);
  }
};

struct SynthFacts {
  std::uint64_t seed = 0;
  TokenizerFacts tokenizer;
  int token_bytes = 2;  // of an id in segments/*.tokens: 2 or 4
  CorpusFacts corpus;
  std::optional<NeedleFacts> needles;  // key "records"; only where needles are planted
  ContextFacts contexts;

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant("kind", "synth");
    visit("seed", facts.seed);
    visit("tokenizer", facts.tokenizer);
    visit("token_bytes", facts.token_bytes);
    visit("corpus", facts.corpus);
    visit("records", facts.needles);
    visit("contexts", facts.contexts);
  }
};

// Facts in the manifest of a shard of a corpus.
struct ShardFacts {
  std::uint32_t number = 0, count = 0;
  std::uint64_t first_file = 0;      // of the corpus's files
  std::vector<std::string> sources;  // SHA-256 of this file and of those behind it
  std::uint64_t documents = 0;

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant("kind", "shard");
    visit("shard", facts.number);
    visit("of", facts.count);
    visit("first_file", facts.first_file);
    visit("sources", facts.sources);
    visit("documents", facts.documents);
  }
};

FILM_DECLARE_JSON(SynthFacts);
FILM_DECLARE_JSON(ShardFacts);

}  // namespace film

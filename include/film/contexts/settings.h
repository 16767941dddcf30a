#pragma once
// Settings of the second half of `film synth`: segments -> contexts (paper section 2.1). Group "contexts".
#include <array>
#include <cstdint>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/settings.h"
#include "film/corpus/settings.h"
#include "film/records/records.h"

namespace film::contexts {

// How many contexts of each kind, relative to each other; 110 : 30 : 15 gives the paper's mixture.
struct KindWeights {
  double fine_grained = 1, integration = 0, short_text = 0;
  double weight(ContextKind kind) const;
  void describe(Fields& f);
};

// Lengths of contexts in tokens: uniform between the two.
struct TargetSettings {
  std::uint32_t min = 4096, max = 32000;
  void describe(Fields& f);
};

// Which segments may be asked about: any, or only those with a needle.
enum class EvidenceChoice : std::uint8_t { any, planted };
constexpr auto enum_names(EvidenceChoice) {
  return std::array{EnumName{EvidenceChoice::any, "any"}, EnumName{EvidenceChoice::planted, "planted"}};
}

// Which segments stand around the evidence: any of the split, as in the paper; those that share many telling words with it;
// those that share its rarest words, as far as there are some. The last two never repeat the evidence.
enum class FillerGrade : std::uint8_t { random, topic, near_miss };
constexpr auto enum_names(FillerGrade) {
  return std::array{EnumName{FillerGrade::random, "random"}, EnumName{FillerGrade::topic, "topic"},
                    EnumName{FillerGrade::near_miss, "near_miss"}};
}

// Group "fillers".
struct FillerSettings {
  FillerGrade grade = FillerGrade::random;
  double share = 1;  // of the fillers of a context that are of the grade; the rest is random

  bool graded() const { return grade != FillerGrade::random; }
  void describe(Fields& f);
};

struct ContextSettings {
  std::uint64_t train = 1000, validation = 100, test = 100;  // contexts to make
  KindWeights kinds;
  TargetSettings target;
  std::uint32_t segments = 0;  // exactly so many a context; 0: as many as its target length takes
  std::uint32_t questions_per_context = 1;  // evidence segments; 0: every segment with a needle
  EvidenceChoice evidence = EvidenceChoice::any;
  // Where evidence stands: relative weights of equal parts of the context, from its start to its end. Empty: everywhere
  // alike, as in the paper (section 2.1).
  std::vector<std::uint32_t> position_weights;
  FillerSettings fillers;
  // Training questions to be asked in a context without their evidence, for each one with it; 0: none, as in the paper.
  double twins = 0;
  std::uint32_t document_max = 4096;  // tokens; longest document taken whole

  std::uint64_t count(Split split) const;
  bool ask_all() const { return questions_per_context == 0; }
  bool needles_only() const { return ask_all() || evidence == EvidenceChoice::planted; }
  void describe(Fields& f);
  void check(const corpus::NeedleSettings& needles) const;  // throws config_error
};

}  // namespace film::contexts

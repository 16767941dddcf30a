#pragma once
// Settings of the second half of `film synth`: segments -> contexts (paper section 2.1). Group "contexts".
#include <array>
#include <cstdint>
#include <string>

#include "film/base/settings.h"
#include "film/corpus/settings.h"
#include "film/corpus/store.h"

namespace film::contexts {

// Shares of the kinds; 110 : 30 : 15 gives the paper's mixture.
struct KindWeights {
  double fine_grained = 1, integration = 0, short_text = 0;
  std::array<double, 3> weights() const { return {fine_grained, integration, short_text}; }
  void describe(Fields& f);
};

struct TargetSettings {
  std::uint32_t min = 4096, max = 32000;
  void describe(Fields& f);
};

struct ContextSettings {
  std::uint64_t train = 1000, validation = 100, test = 100;
  KindWeights kinds;
  TargetSettings target;
  std::uint32_t segments = 0;
  std::uint32_t questions_per_context = 1;
  std::string evidence = "any";
  std::uint32_t document_max = 4096;

  std::uint64_t count(corpus::Split split) const;
  bool ask_all() const { return questions_per_context == 0; }  // evidence: every planted segment
  bool planted_only() const { return ask_all() || evidence == "planted"; }
  void describe(Fields& f);
  void check(const corpus::RecordSettings& records) const;  // throws config_error
};

}  // namespace film::contexts

#pragma once
// Settings of `film qa`: a group for each generator, and what they share.
#include <cstdint>
#include <string>

#include "film/base/enum_names.h"
#include "film/base/settings.h"
#include "film/questions/endpoint_settings.h"
#include "film/questions/general.h"
#include "film/questions/offline_settings.h"
#include "film/questions/twin_settings.h"

namespace film::questions {

// Who writes the questions: rules over the text, a model behind an endpoint, or people.
enum class GeneratorKind { offline, endpoint, import };
constexpr auto enum_names(GeneratorKind) {
  return std::array{EnumName{GeneratorKind::offline, "offline"},
                    EnumName{GeneratorKind::endpoint, "endpoint"}, EnumName{GeneratorKind::import, "import"}};
}

// The split whose contexts imported questions are about.
enum class SplitChoice { any, train, validation, test };
constexpr auto enum_names(SplitChoice) {
  return std::array{EnumName{SplitChoice::any, "any"}, EnumName{SplitChoice::train, "train"},
                    EnumName{SplitChoice::validation, "validation"}, EnumName{SplitChoice::test, "test"}};
}

struct ImportSettings {
  std::string file;                      // CSV, TSV or JSONL
  SplitChoice split = SplitChoice::any;  // of rows without a split of their own
  void describe(Fields& f);
};

struct QaSettings {
  std::uint64_t seed = 1;
  int threads = 0;        // 0 = all cores
  std::string data;       // the DATA folder that is asked about; readers of the questions find it by this
  std::string tokenizer;  // the .model file that film synth used; empty = where it was then
  GeneratorKind generator = GeneratorKind::offline;
  std::uint32_t per_context = 0;  // evidence segments of a context asked about, at most; 0 = all
  OfflineSettings offline;
  EndpointQuestionSettings endpoint;
  ImportSettings import;
  GeneralSettings general;
  TwinSettings twins;

  void describe(Fields& f);
  void check() const;  // rules across fields; throws config_error
};

}  // namespace film::questions

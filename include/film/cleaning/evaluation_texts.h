#pragma once
// Decontamination: no document of the corpus may share words with what models are evaluated on (paper section 2.1).
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "film/cleaning/settings.h"
#include "film/records/synth_facts.h"
#include "film/sources/files.h"

namespace film::cleaning {

// The evaluation files that the settings name: none if they name none. Throws as sources::list_files.
std::vector<sources::SourceFile> list_evaluation_files(const DecontaminationSettings& settings);

// What a document shares with an evaluation text.
struct Overlap {
  std::string where;  // "bench/mmlu.csv:12 (question)"
  std::string words;  // shared, as they are compared
};

// Every string in the rows of the evaluation files, as word n-grams in memory (about 30 bytes a word). A text of fewer
// words is compared whole if it has at least 6, of which 4 differ; shorter ones are counted as too short.
class EvaluationTexts {
 public:
  // Reads the files. Throws no_input, denied, and bad_data for a file that is damaged or not what its name says.
  EvaluationTexts(const DecontaminationSettings& settings, const std::vector<sources::SourceFile>& files);
  ~EvaluationTexts();

  // The first words that the document shares with an evaluation text. Equal hashes are verified word by word, so nothing
  // depends on them. May be called from many threads at once.
  std::optional<Overlap> overlap(std::string_view document) const;

  DecontaminationFacts facts() const;

 private:
  class Index;
  std::unique_ptr<Index> index_;
};

}  // namespace film::cleaning

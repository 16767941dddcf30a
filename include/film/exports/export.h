#pragma once
// `film export`: questions on contexts as files that other tools read, with the evidence named.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/files.h"
#include "film/base/settings.h"
#include "film/folders/data_folder.h"
#include "film/records/export_facts.h"
#include "film/text/prompt_template.h"

namespace film::exports {

// messages: a chat of two turns a row, as TRL, axolotl and LLaMA-Factory read it.  rl: the user's turn and the reference
// answer.  text: prompt and answer as one text a row.  retrieval: segments, questions and which belongs to which, in the
// layout of BEIR.
enum class ExportForm : std::uint8_t { messages, rl, text, retrieval };
constexpr auto enum_names(ExportForm) {
  return std::array{EnumName{ExportForm::messages, "messages"}, EnumName{ExportForm::rl, "rl"},
                    EnumName{ExportForm::text, "text"}, EnumName{ExportForm::retrieval, "retrieval"}};
}

struct ExportSettings {
  std::string data;  // DATA folder
  ExportForm form = ExportForm::messages;
  text::PromptStyle prompt = text::PromptStyle::film;
  std::string tokenizer;                    // empty: the one that DATA was made with
  std::string name = "film";                // of the set, in its card
  std::string license = "other", language;  // for the card

  void describe(Fields& f);
  void check() const;  // throws config_error
};

struct Exported {
  std::vector<fs::path> files;  // written, relative to the folder
  ExportFacts facts;
};

// Writes rows by split, README.md (a card that says what the rows are and how they were made) and, for messages,
// dataset_info.json (LLaMA-Factory) into `out`. Texts are what the stored ids decode to: what `film train` reads. Throws
// no_input (no questions yet), bad_data, stopped on a signal.
// `limit`: contexts to export; 0 = all.
Exported export_data(const folders::DataFolder& data, const ExportSettings& settings, const fs::path& out,
                     std::uint64_t limit = 0);

}  // namespace film::exports

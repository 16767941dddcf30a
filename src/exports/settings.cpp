#include "film/base/error.h"
#include "film/exports/export.h"

namespace film::exports {

void ExportSettings::describe(Fields& f) {
  f.add("data", data, "DATA folder with questions").path();
  f.add("form", form, "of the rows");
  f.add("prompt", prompt, "how context and question become the user's turn");
  f.add("tokenizer", tokenizer, "SentencePiece .model file; empty = the one that DATA was made with")
      .runtime()
      .path();
  f.add("name", name, "of the data set, in its card");
  f.add("license", license, "of the texts, in the card: an identifier such as odc-by or cc-by-4.0");
  f.add("language", language, "of the texts, in the card: a code such as en or zh; empty = not stated");
}

void ExportSettings::check() const {
  if (data.empty()) throw config_error("no DATA is named", "for example: film export data --out exported");
  for (const std::string* word : {&name, &license, &language})
    if (word->find_first_of("\n\r:#\"'") != std::string::npos)
      throw config_error("\"" + *word + "\" cannot stand in the head of a card",
                         "use letters, digits, blanks, dots and dashes");
}

}  // namespace film::exports

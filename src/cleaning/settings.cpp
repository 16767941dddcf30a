#include "film/cleaning/settings.h"

namespace film::cleaning {

void DecontaminationSettings::describe(Fields& f) {
  f.add("inputs", inputs,
        "evaluation files (JSONL, JSON, CSV, text) and folders of them; a document that shares words with "
        "one is used "
        "for nothing (paper section 2.1)")
      .runtime()
      .path();
  f.add("words", words, "so many words in a row are an overlap").range(4, 100);
  f.add("han_words", han_words, "the same for texts mostly in Han characters, each of which counts as a word")
      .range(4, 100);
}

void DuplicateSettings::describe(Fields& f) {
  f.add("exact", exact, "leave out a document whose text was there before");
  f.add("near", near,
        "leave out a document that shares this part of its word 5-grams with an earlier one (Jaccard, "
        "estimated by "
        "MinHash; 0.8 is usual); 0 = off")
      .range(0, 1);
}

}  // namespace film::cleaning

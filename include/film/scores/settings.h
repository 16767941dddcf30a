#pragma once
// Settings of the probes: what is asked, of what length, how often, and how it is summed up. `film eval` adds
// the model and the folders.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/settings.h"

namespace film::scores {

// How large one probe is.
struct ProbeSize {
  std::uint32_t context_tokens =
      32'000;                  // upper bound for the context alone, template and answer not counted
  std::uint32_t items = 800;   // questions, spread evenly over the contexts
  std::uint32_t contexts = 1;  // more are made where one context has fewer slots than questions
  int max_new_tokens = 64;
  std::string remark;  // a sentence shown with the result
  void describe(Fields& fields);
};

// Which sentence contains these words? Paper section 3.2 takes 17 to 31 words and pieces of 8.
struct DocumentSettings : ProbeSize {
  std::string source;             // file or folder of .txt, .md, .jsonl (also .gz, .zst)
  std::string text_key = "text";  // of a JSONL record
  std::uint32_t min_words = 17, max_words = 31, piece_words = 8;
  void describe(Fields& fields);
};

// Which function contains this line? Paper: the name and three lines.
struct CodeSettings : ProbeSize {
  std::string source;  // file or folder of .py
  std::uint32_t lines = 3;
  void describe(Fields& fields);
};

// What is the label and description of this id? Paper: 750 Wikidata entities of 3 to 8 words in each field.
struct DatabaseSettings : ProbeSize {
  std::string source;  // .csv or .jsonl (also .gz, .zst)
  std::string id_key = "id", label_key = "label", description_key = "description";
  std::uint32_t min_words = 1, max_words = 40;
  void describe(Fields& fields);
};

// Held-out questions of a DATA folder; their contexts have the length they were made with.
struct In2Settings {
  std::vector<std::string> kinds = {"fine_grained"};  // of contexts
  std::uint32_t items = 0;                            // questions; 0 = all
  int max_new_tokens = 32;
  std::string remark;
  void describe(Fields& fields);
};

struct ProbeSettings {
  std::vector<std::string> tasks = {"in2"};
  std::uint64_t seed = 1;
  std::uint32_t bins = 10;  // position bins of equal width
  std::string arithmetic =
      "bins";  // "bins"; "val": spans of 50 slots; "val_plot": VaL's plot.py, 49 of every 50
  std::uint32_t resamples = 2000;  // of every bootstrap and permutation
  std::uint32_t questions_per_call =
      256;  // one prefill of the context serves so many; also the unit of resuming
  DocumentSettings document;
  CodeSettings code;
  DatabaseSettings database;
  In2Settings in2;
  void describe(Fields& fields);
};

// Cross-field rules, before any work. Throws config_error with the remedy.
void check(const ProbeSettings& settings);

}  // namespace film::scores

#pragma once
// What film synth and film qa made, as one self-contained HTML page: tables, lengths and positions, contexts to be read.
// The same input gives the same bytes.
#include <string>
#include <vector>

#include "film/base/json.h"
#include "film/records/qa_facts.h"
#include "film/records/records.h"
#include "film/records/samples.h"
#include "film/records/synth_facts.h"

namespace film::report {

// A context with what is asked about it.
struct ContextSample {
  Context context;
  std::vector<ContextPart> parts;  // its pieces, the evidence marked; shortened or whole
  std::vector<Question> questions;
};

struct DataPage {
  std::string title, date;  // as shown
  SynthFacts facts;
  std::vector<QaFacts> questions;  // of each folder of questions; none before film qa
  std::vector<ContextSample> contexts;
  std::string command;               // a line that a shell takes; may be empty
  Json provenance = Json::object();  // shown as nested tables, in the order of its keys
};

std::string data_page(const DataPage& page);

// One context alone.
std::string context_page(const std::string& title, const ContextSample& sample);

}  // namespace film::report

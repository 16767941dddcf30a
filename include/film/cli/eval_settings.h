#pragma once
// Settings of `film eval`: which models are probed, on what, and what the report shows beside the scores.
#include "film/endpoint/settings.h"
#include "film/scores/settings.h"
#include "film/text/prompt_template.h"

namespace film::cli {

struct EvalSettings {
  std::string model;      // Hugging Face folder, or a run folder (its final checkpoint); empty: the endpoint
  std::string baseline;   // the model before training; empty: a run's own starting point, if it kept one
  std::string tokenizer;  // SentencePiece .model; empty: tokenizer.model of the model folder
  text::PromptStyle prompt = text::PromptStyle::film;
  std::vector<std::string> data;        // DATA folders for in2
  std::vector<std::string> shown_data;  // DATA folders whose histograms the report shows; empty: data
  std::string split = "test";           // of their examples
  std::string title = "Position-wise probing";
  std::int64_t threads = 0;
  endpoint::EndpointSettings
      endpoint;  // the model to probe when `model` is empty and endpoint.model is given
  scores::ProbeSettings probes;
  void describe(Fields& f);
};

}  // namespace film::cli

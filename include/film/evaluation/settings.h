#pragma once
// Settings of `film eval`: which models are asked, what, and how the answers are summed up.
#include <string>
#include <vector>

#include "film/endpoint/settings.h"
#include "film/engine/device.h"
#include "film/outputs/outputs.h"
#include "film/records/records.h"
#include "film/scores/settings.h"
#include "film/tasks/settings.h"
#include "film/text/prompt_template.h"

namespace film::evaluation {

// One of several models to compare: a folder, or what an endpoint serves.
struct ModelEntry {
  std::string label;     // in tables, legends and file names; empty: the last part of folder or endpoint
  std::string folder;    // Hugging Face folder, or a run folder (its final checkpoint)
  std::string endpoint;  // name of the model served; everything else as the group `endpoint` says
  std::string base_url;  // of that endpoint; empty: endpoint.base_url
  std::vector<std::string> predictions = {};  // or files of what it said elsewhere
  void describe(Fields& fields);
};

inline endpoint::EndpointSettings greedy() {
  endpoint::EndpointSettings settings;
  settings.temperature = 0;
  settings.top_p = 1;
  settings.seed = 0;
  return settings;
}

// A second model that judges written answers.
struct JudgeSettings {
  std::string rubric;               // file of what it is asked; empty: of `unanswerable` alone, or no judge
  std::string rubric_unanswerable;  // the same of the task `unanswerable`, whose right answer is none
  std::vector<std::string> tasks;   // whose answers it reads; empty: all that are written
  std::string model;                // its folder, where it runs here; empty: behind its endpoint
  text::PromptStyle prompt = text::PromptStyle::film;  // of such a model
  endpoint::EndpointSettings endpoint = greedy();
  std::string human;  // file of people's verdicts, with which its own are compared; empty: none
  void describe(Fields& fields);
  bool is_on() const { return !rubric.empty() || !rubric_unanswerable.empty(); }
};

struct Settings {
  std::string model;     // Hugging Face folder, or a run folder (its final checkpoint); empty: the endpoint
  std::string baseline;  // model to compare with; empty: a run's own starting point, if it kept one
  std::vector<ModelEntry>
      models;  // instead of these two: any number; the first is what the others are compared with
  std::vector<std::string> predictions;  // or files of outputs that were made elsewhere: no model is opened
  outputs::Form predictions_form = outputs::Form::automatic;  // of these files
  bool predictions_in_order = false;  // their rows answer the questions in order, whatever ids they have
  std::string tokenizer;              // SentencePiece .model; empty: tokenizer.model of the model folder
  text::PromptStyle prompt = text::PromptStyle::film;
  std::vector<std::string> data;                // DATA folders for in2
  std::vector<std::string> shown_data;          // DATA folders whose histograms the report shows; empty: data
  Split split = Split::test;                    // of their examples
  std::string title = "Position-wise probing";  // of the report
  // The model to ask when `model` is empty and endpoint.model is given; greedy unless it says otherwise.
  endpoint::EndpointSettings endpoint = greedy();
  engine::DeviceChoice device = engine::DeviceChoice::cpu;   // where models that run here compute
  engine::Precision precision = engine::Precision::float32;  // of their weights and activations
  double yarn_factor = 1;    // the window of models that run here is so many times as long, by YaRN
  double memory_limit = 0;   // GiB that the program may take there for a model; 0 = all that is free
  std::int64_t threads = 0;  // CPU threads; 0 = all cores
  tasks::Settings tasks;
  scores::Settings scores;
  JudgeSettings judge;
  std::uint32_t questions_per_call =
      256;  // one reading of a context serves so many; also the unit of resuming
  std::string
      cache;  // folder in which answers of models that run here are kept for other evaluations; empty: none
  double unscored_limit = 0.01;  // share of a task's questions that may stay without an answer
  void describe(Fields& fields);
};

// memory_limit in bytes.
std::uint64_t memory_limit_bytes(const Settings& settings);

// Cross-field rules, before any work. Throws config_error with the remedy.
void check(const Settings& settings);

}  // namespace film::evaluation

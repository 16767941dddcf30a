#pragma once
// A DATA folder and settings small enough to train in a test. The DATA folder is written by hand in the
// formats of docs/formats.md through the commands' own modules.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "film/base/output_folder.h"
#include "film/contexts/synth.h"
#include "film/engine/train_settings.h"
#include "film/folders/data_folder.h"
#include "film/train/train_loop.h"
#include "train/train_step.h"

namespace film::testing {

inline fs::path fresh_folder(const std::string& name) {
  const fs::path folder = fs::path(::testing::TempDir()) / fmt::format("film_train_{}_{}", ::getpid(), name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

inline std::string tokenizer_file() { return std::string(FILM_TEST_DATA) + "/tokenizer/small.model"; }

// Contexts over the tokenizer's own training text, each with questions made of its sentences.
inline fs::path make_data(const fs::path& folder) {
  const fs::path data = folder / "data";
  contexts::SynthSettings synth_settings;
  const std::vector<std::string> set = {"inputs=" + (folder / "corpus").string(),
                                        "tokenizer=" + tokenizer_file(),
                                        "segment.tokens=16",
                                        "contexts.train=20",
                                        "contexts.validation=0",
                                        "contexts.test=0",
                                        "contexts.target={\"min\":48,\"max\":96}",
                                        "split={\"train\":1,\"validation\":0,\"test\":0}"};
  fs::create_directories(folder / "corpus");
  const std::string text = read_file(std::string(FILM_TEST_DATA) + "/tokenizer/training_text.txt");
  const std::size_t part = text.size() / 12;
  for (std::size_t i = 0; i < 12; ++i)
    write_file(folder / "corpus" / ("part" + std::to_string(10 + i) + ".txt"), text.substr(i * part, part));
  const Fields fields = resolve(synth_settings, std::nullopt, set);
  synth(synth_settings, {data, "synth", fields}, 0);
  // One question per context: its own first words, as a person might write it.
  make_folder(data / "questions");
  AtomicFile file(data / "questions/examples.jsonl");
  const folders::DataFolder opened(data);
  for (const Context& context : opened.contexts()) {
    Example example{context.id, context.id, "fine_grained", context.split, {}};
    for (std::uint64_t k = 0; k <= context.id % 3; ++k)
      example.questions.push_back(
          {fmt::format("What is number {}?", k), fmt::format("answer {}", k), {0}, Json::object()});
    file.write(to_line(to_json(example)) + "\n");
  }
  file.commit();
  write_file(data / "questions/manifest.json",
             to_pretty({{"format", 1}, {"files", Json::array()}, {"data", opened.identity()}}));
  return data;
}

inline engine::TrainSettings tiny_settings(const fs::path& data) {
  engine::TrainSettings s;
  s.tokenizer = tokenizer_file();
  s.prompt = text::PromptStyle::plain;
  s.model.vocab_size = static_cast<std::int64_t>(text::Tokenizer::load(s.tokenizer).vocab_size());
  s.model.hidden_size = 16;
  s.model.intermediate_size = 24;
  s.model.num_hidden_layers = 2;
  s.model.num_attention_heads = 2;
  s.model.num_key_value_heads = 1;
  s.model.head_dim = 8;
  s.model.max_position_embeddings = 1024;
  s.max_tokens = 1024;
  s.pack_tokens = 300;
  s.threads = 1;
  s.save_every = 4;
  engine::StageSettings stage;
  stage.data = {data.string()};
  stage.batch = 5;
  stage.steps = 7;
  stage.schedule.peak = 1e-2;
  s.stages = {stage, stage};
  s.stages[1].name = "second";
  s.stages[1].steps = 6;
  return s;
}

// The packs of a step that are all in memory.
inline train::PackSource in_memory(std::vector<batches::Pack> packs) {
  return {packs.size(), [packs](std::size_t i) { return packs[i]; }};
}

// Its optimizer state takes several chunks of a mebibyte, the smallest there are.
inline engine::ModelConfig several_chunks_model() {
  engine::ModelConfig c;
  c.vocab_size = 97;
  c.hidden_size = 96;
  c.intermediate_size = 160;
  c.num_hidden_layers = 5;
  c.num_attention_heads = 6;
  c.num_key_value_heads = 2;
  c.head_dim = 16;
  return c;
}

// The whole command but for the command line, as one of the processes of a run.
inline TrainFacts run_train(engine::TrainSettings settings, const fs::path& out,
                            const engine::RankPlace& place = {}) {
  Fields fields;
  settings.describe(fields);
  const auto open = [&] { return std::make_unique<OutputFolder>(OutputRequest{out, "train", fields}); };
  return train::train(settings, {out, open, place});
}

}  // namespace film::testing

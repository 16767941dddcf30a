#pragma once
// The torch-free face of a model that runs here: token ids in, token ids or log-likelihoods out.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/engine/device.h"
#include "film/text/tokenizer.h"

namespace film::engine {

// How the next id is drawn from the model's distribution.
struct Sampling {
  double temperature = 0;  // logits are divided by it; 0 = greedy: always the most likely id
  double top_p = 1;        // draws only from the most likely ids that together have at least this probability
  std::uint64_t seed = 0;  // with Prompt::item, keys the random numbers
  void check() const;      // throws config_error for a temperature below 0, top_p outside (0, 1]
};

// How sequences are continued and where they end.
struct Decoding {
  int max_new_tokens = 64;
  // A sequence ends at any of these ids and of the model's own (end_ids), which are not returned.
  std::vector<text::TokenId> stop = {};
  // Asked after every new id with the number of the prompt and its new ids so far: true ends the sequence there.
  // Empty: never. For what only text can tell, such as a stop string.
  std::function<bool(std::size_t prompt, const text::TokenIds& ids)> ends = {};
  Sampling sampling = {};
  std::int64_t vocabulary = 0;  // ids from here on have no piece and are never returned; 0 = every id has one
};

// What is read before the first new id: prefix, then ids. Neighbouring prompts with equal prefixes share its keys
// and values: it is read once for all of them.
struct Prompt {
  std::span<const text::TokenId> prefix = {};  // may be empty; must outlive the call
  text::TokenIds ids = {};                     // never empty
  std::uint64_t item = 0;  // draws depend on (seed, item) alone, not on what else is asked
};

struct Completion {
  enum class End { stop, length };
  text::TokenIds ids = {};
  End end = End::length;  // stop: at a stop id or by Decoding::ends; length: at max_new_tokens
};

class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  // One completion per prompt. Throws config_error when a prompt and its new ids exceed max_tokens(), or when they do not
  // fit the memory (asking_plan.h).
  virtual std::vector<Completion> generate(std::span<const Prompt> prompts, const Decoding& decoding) = 0;
  // log p(continuations[i] | prompts[i]), natural logarithm, summed over its ids (never empty). Throws as generate().
  virtual std::vector<double> log_likelihood(std::span<const Prompt> prompts,
                                             std::span<const text::TokenIds> continuations) = 0;
  virtual std::int64_t max_tokens() const = 0;  // of prompt and new ids together
  virtual std::string describe() const = 0;  // "Mistral, 2 layers, width 64, 2.15 M parameters, fp32 on CPU"
};

// Which model, where and how it computes.
struct ModelOptions {
  fs::path folder = {};  // Hugging Face folder, or a checkpoint of a run
  DeviceChoice device = DeviceChoice::cpu;
  Precision precision = Precision::float32;  // of weights and activations; sums are fp32 in both
  int threads = 0;                           // 0 = all cores
  std::uint64_t memory_limit = 0;  // bytes that the process may take on the device; 0 = all that is free
  double yarn_factor = 1;          // the window is so many times as long, by YaRN (yarn.h)
};

// The ids at which a model folder says that an answer ends: eos_token_id, one or a list, of generation_config.json, else of
// config.json. Throws bad_data for anything else there.
std::vector<text::TokenId> end_ids(const fs::path& folder);

}  // namespace film::engine

#include "film/contexts/synth.h"

#include <optional>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "film/cleaning/evaluation_texts.h"
#include "film/corpus/build.h"
#include "film/corpus/store.h"
#include "film/records/synth_facts.h"
#include "film/text/terms.h"
#include "sampler.h"
#include "shards.h"
#include "statistics.h"
#include "synth_inputs.h"

namespace film::contexts {
namespace {

constexpr std::uint64_t kContextsPerPart = 100'000;
constexpr std::uint64_t kContextsPerBatch = 32;

struct DrawnBatch {
  std::vector<Context> contexts;
  std::vector<std::string> lines;
};

DrawnBatch draw_batch(const ContextSampler& sampler, const std::vector<ContextTask>& tasks,
                      std::size_t number) {
  DrawnBatch batch;
  const std::size_t first = number * kContextsPerBatch;
  for (std::size_t i = first; i < std::min<std::size_t>(first + kContextsPerBatch, tasks.size()); ++i) {
    batch.contexts.push_back(sampler.draw(tasks[i]));
    batch.lines.push_back(to_line(to_json(batch.contexts.back())) + '\n');
  }
  return batch;
}

// contexts/part-NNNNN.jsonl, a new part every kContextsPerPart contexts.
class ContextWriter {
 public:
  explicit ContextWriter(const fs::path& data) : data_(data) { make_folder(data_ / "contexts"); }
  void add(const std::string& line) {
    if (count_++ % kContextsPerPart == 0) open();
    file_->write(line);
  }
  std::vector<fs::path> finish() {
    if (file_) file_->commit();
    return files_;
  }

 private:
  void open() {
    if (file_) file_->commit();
    files_.push_back(corpus::part_path("contexts", files_.size(), ".jsonl"));
    file_ = std::make_unique<AtomicFile>(data_ / files_.back(), Hashing::as_written);
  }
  fs::path data_;
  std::uint64_t count_ = 0;
  std::unique_ptr<AtomicFile> file_;
  std::vector<fs::path> files_;
};

// What graded fillers are chosen by: the store that has just been written.
GradedInput graded_input(const fs::path& data, const text::Tokenizer& tokenizer, int threads) {
  const corpus::SegmentStore store(data, corpus::stored_token_bytes(tokenizer.vocab_size()));
  const auto tokens = [store](std::uint32_t segment) {
    text::TokenIds ids;
    store.append_tokens(segment, ids);
    return ids;
  };
  const auto terms = [tokens, tokenizer](std::uint32_t segment) {
    return text::terms_of(tokenizer.decode(tokens(segment)));
  };
  return {{tokens, terms}, threads};
}

// Draws and writes all contexts; returns facts for the manifest and appends the files written.
ContextFacts write_contexts(const corpus::CorpusIndex& index, const SynthSettings& settings,
                            const text::Tokenizer& tokenizer, const fs::path& data, int threads,
                            std::vector<fs::path>& files) {
  const auto newline_tokens = static_cast<std::uint32_t>(tokenizer.encode_continuation("\n").size());
  std::optional<GradedInput> graded;
  if (settings.contexts.fillers.graded()) graded = graded_input(data, tokenizer, threads);
  const ContextSampler sampler(index, settings.contexts, newline_tokens, settings.seed,
                               graded ? &*graded : nullptr);
  const std::vector<ContextTask> tasks = plan_tasks(settings.contexts);
  ContextStatistics statistics(settings.contexts, index);
  ContextWriter writer(data);
  Progress progress("contexts", tasks.size(), "contexts");
  const std::size_t batches = (tasks.size() + kContextsPerBatch - 1) / kContextsPerBatch;
  const auto make = [&](std::size_t i) { return draw_batch(sampler, tasks, i); };
  parallel_in_order(batches, threads, make, [&](std::size_t, const DrawnBatch& batch) {
    throw_if_stopped("the contexts are not finished");
    for (std::size_t i = 0; i < batch.contexts.size(); ++i) {
      statistics.add(batch.contexts[i]);
      writer.add(batch.lines[i]);
    }
    progress.advance(batch.contexts.size());
  });
  progress.finish();
  for (const fs::path& file : writer.finish()) files.push_back(file);
  return statistics.facts();
}

// What a run writes from its beginning, whatever an earlier one that was not finished has left.
const std::vector<std::string> kStore = {"segments", "documents", "contexts"};

void remove_store(const fs::path& data) {
  for (const std::string& folder : kStore) fs::remove_all(data / folder);
}

}  // namespace

void SynthSettings::describe(Fields& f) {
  f.add("seed", seed, "seed of every random choice");
  f.add("threads", threads, "threads to use; 0 = all cores").range(0, 4096).runtime();
  f.add("tokenizer", tokenizer, "SentencePiece .model file of the model to train").runtime().path();
  corpus.describe(f);
  f.group("contexts", contexts);
}

void SynthSettings::check() const {
  if (tokenizer.empty())
    throw config_error("tokenizer is not set",
                       "name the model's SentencePiece file: --set tokenizer=tokenizer.model");
  corpus.check();
  contexts.check(corpus.needles);
}

SynthFacts synth(const SynthSettings& settings, const OutputRequest& output, std::uint64_t limit) {
  const SynthInputs inputs(settings, output.path);
  const fs::path& out = output.path;
  OutputRequest request = output;
  request.unbound = kStore;
  request.unbound.push_back(shards_folder("").string());
  OutputFolder folder(request);
  folder.bind_inputs(inputs.named(limit));
  if (folder.finished()) {
    info(out.string() + " is finished already; nothing to do");
    return from_json<SynthFacts>(folder.manifest(), (out / "manifest.json").string());
  }
  remove_store(out);
  const std::vector<corpus::PreparedShard> shards = find_shards(out, inputs.result_settings(output.fields));
  const int threads = thread_count(settings.threads);
  corpus::CorpusResult corpus =
      corpus::build_corpus(inputs.files, settings.corpus, inputs.tokenizer, out, settings.seed, threads,
                           limit, needs_of(settings), shards);
  corpus.facts.seed = settings.seed;
  corpus.facts.contexts =
      write_contexts(corpus.index, settings, inputs.tokenizer, out, threads, corpus.files);
  folder.finish(corpus.files, to_json(corpus.facts));
  fs::remove_all(shards_folder(out));
  return std::move(corpus.facts);
}

ShardFacts synth_shard(const SynthSettings& settings, const OutputRequest& output,
                       const corpus::Shard& shard) {
  const SynthInputs inputs(settings, output.path);
  if (fs::exists(output.path / "manifest.json"))
    throw config_error(output.path.string() + " is finished: it needs no shard", "choose another --out");
  OutputRequest request = output;
  request.path = shard_folder(output.path, shard);
  request.unbound = {corpus::kShardFile};
  OutputFolder folder(request);
  Json named = inputs.named(0);
  named.erase("limit");
  named["shard"] = shard.name();
  folder.bind_inputs(named);
  if (folder.finished()) {
    info(request.path.string() + " is finished already; nothing to do");
    return from_json<ShardFacts>(folder.manifest(), (request.path / "manifest.json").string());
  }
  const ShardFacts facts =
      corpus::prepare_shard(inputs.files, settings.corpus, inputs.tokenizer, request.path, settings.seed,
                            thread_count(settings.threads), needs_of(settings), shard);
  folder.finish({corpus::kShardFile}, to_json(facts));
  return facts;
}

}  // namespace film::contexts

// film synth: corpus -> long contexts with evidence at uniform positions.
#include "film/contexts/synth.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "defaults.h"
#include "film/base/as_number.h"
#include "film/base/format.h"
#include "film/contexts/summary.h"
#include "missing.h"
#include "put.h"

namespace film::cli {
namespace {

struct SynthOptions {
  CommonOptions common;
  std::string shard;  // "2/7"; empty: all of it
  bool dry_run = false;
};

void require_synth(const contexts::SynthSettings& settings, const fs::path& out) {
  const bool inputs = !settings.corpus.inputs.empty(), tokenizer = !settings.tokenizer.empty();
  require_all("synth",
              {{inputs, "INPUT: files and folders of texts", inputs ? settings.corpus.inputs[0] : "my_texts"},
               {tokenizer, "--tokenizer FILE: the SentencePiece .model file of the model to train",
                "--tokenizer " + (tokenizer ? settings.tokenizer : "tokenizer.model")},
               {!out.empty(), "--out FOLDER", "--out " + (out.empty() ? "data" : out.string())}});
}

// "2/7"
corpus::Shard shard_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto number = [](std::string_view digits) { return as_number<std::uint32_t>(digits).value_or(0); };
  corpus::Shard shard{0, 0};
  if (slash != text.npos)
    shard = {number(std::string_view(text).substr(0, slash)),
             number(std::string_view(text).substr(slash + 1))};
  if (shard.number < 1 || shard.number > shard.count || shard.count > 100'000)
    throw usage_error("--shard must be I/N with I from 1 to N, at most 100,000, got " + text,
                      "for example: --shard 2/7");
  return shard;
}

void run_shard(const contexts::SynthSettings& settings, const SynthOptions& options, const Fields& fields,
               const ProgramInfo& program) {
  const CommonOptions& common = options.common;
  if (common.limit > 0)
    throw usage_error("--shard and --limit exclude each other",
                      "give --limit when the shards are put together");
  const corpus::Shard shard = shard_of(options.shard);
  const ShardFacts facts = contexts::synth_shard(settings, {common.out, "synth", fields, program}, shard);
  if (common.json)
    put_json(to_json(facts));
  else
    put_text("shard " + shard.name() + ": " + counted(facts.documents, "document") + " of " +
             counted(facts.sources.size(), "file") + " in " + common.out.string() +
             "/shards\nwhen all are there, the same command without --shard puts them together\n");
}

void print_plan(const contexts::SynthSettings& settings, const CommonOptions& common) {
  const contexts::SynthPlan plan = contexts::plan_synth(settings, common.out);
  if (common.json)
    put_json(contexts::plan_json(plan));
  else
    put_text(contexts::plan_text(plan));
}

void run_synth(const SynthOptions& options, const ProgramInfo& program) {
  const CommonOptions& common = options.common;
  contexts::SynthSettings settings;
  Fields fields = resolve_settings(settings, "synth", common);
  choose_tokenizer(fields, {}, {});
  require_synth(settings, options.dry_run && common.out.empty() ? "data" : common.out);
  if (options.dry_run) return print_plan(settings, common);
  if (!options.shard.empty()) return run_shard(settings, options, fields, program);
  const bool before = holds_results(common.out);
  const SynthFacts facts = contexts::synth(settings, {common.out, "synth", fields, program}, common.limit);
  if (common.json)
    put_json(read_json(common.out / "manifest.json"));
  else
    put_text(contexts::synth_summary(facts));
  say_written(common.out, !before, "film qa " + common.out.string());
}

}  // namespace

void add_synth(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("synth", "Build long contexts from texts of yours");
  command->footer(
      "film synth my_texts --tokenizer tokenizer.model --out data\n"
      "film synth book.txt --tokenizer tokenizer.model --context 1024:4096 --contexts 200:20:20 -o data");
  auto options = std::make_shared<SynthOptions>();
  add_common_options(*command, "synth", options->common);
  command
      ->add_option("--shard", options->shard,
                   "Prepare part I of N of the corpus, on any machine; the same command without it puts the "
                   "parts together")
      ->type_name("I/N");
  command->add_flag(
      "--dry-run", options->dry_run,
      "Read a sample of the texts and say what would be made: documents, tokens, disk, memory, time");
  command->callback(
      [options, &run] { run = [options](const ProgramInfo& program) { run_synth(*options, program); }; });
}

}  // namespace film::cli

#include "film/questions/qa.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "generator.h"

namespace film::questions {
namespace {

// What a resumed run must agree on besides the settings.
Json inputs(const std::string& data, std::uint64_t limit, const Generator& generator) {
  Json all = {{"data", data}, {"limit", limit}};
  all.update(generator.identity());
  return all;
}

// Whether `folder` holds the questions of the file that is imported now.
bool holds_this_file(const fs::path& folder, const QaSettings& settings) {
  if (settings.generator != GeneratorKind::import || !fs::exists(folder / "settings.json")) return false;
  const Json before = read_json(folder / "settings.json").value("/settings/import/file"_json_pointer, Json());
  return before.is_string() && fs::absolute(before.get<std::string>()) == fs::absolute(settings.import.file);
}

// A file that people correct and import again replaces its questions, and so does a new try those of one that kept
// nothing. Other finished questions stay, and paid answers always do.
std::vector<fs::path> replaceable(const fs::path& folder, const QaSettings& settings) {
  const bool paid = settings.generator == GeneratorKind::endpoint || fs::exists(folder / "journal.jsonl");
  const bool replaced = fs::exists(folder / "manifest.json") ? holds_this_file(folder, settings) : !paid;
  return replaced ? std::vector<fs::path>{"examples.jsonl", "rejected.jsonl"} : std::vector<fs::path>{};
}

void tell_twins(const QaTwins& twins) {
  if (twins.written < twins.wanted)
    warn(counted(twins.written, "unanswerable question") + " instead of " + grouped(twins.wanted) +
         ": too few twins hold other text than the answer");
}

}  // namespace

std::uint64_t contexts_to_ask_about(const folders::DataFolder& data, std::uint64_t limit) {
  const auto& twins = data.facts().contexts.twins;
  const std::uint64_t all = data.contexts().size() - (twins ? twins->count : 0);
  return limit > 0 ? std::min(limit, all) : all;
}

QaFacts write_questions(const folders::DataFolder& data, const QaSettings& settings,
                        const OutputRequest& output, std::uint64_t limit) {
  settings.check();
  const std::unique_ptr<Generator> generator = make_generator(settings);
  const Source source{data, data.tokenizer(settings.tokenizer), contexts_to_ask_about(data, limit)};
  QaFacts facts;
  facts.seed = settings.seed;
  facts.generator = name_of(settings.generator);
  facts.data = data.identity();
  OutputRequest request = output;
  request.replaceable = replaceable(output.path, settings);
  request.unbound = {"journal.jsonl", "examples.jsonl", "rejected.jsonl"};  // answers hold under any settings
  OutputFolder folder(request);
  folder.bind_inputs(inputs(facts.data, limit, *generator));
  folder.note_place("data", fs::absolute(data.path()));
  if (folder.finished()) {
    info(output.path.string() + " is finished already; nothing to do");
    return from_json<QaFacts>(folder.manifest(), (output.path / "manifest.json").string());
  }
  data.require_unchanged();
  Twins twins(source, settings.twins);
  QuestionFiles files(output.path, &twins);
  generator->write(source, files, facts);
  // Committed even when nothing was kept: the rejected ones tell why.
  const std::vector<fs::path> written = files.finish();
  const Tally& tally = files.tally();
  if (tally.kept() == 0)
    throw bad_data("not one question was kept: " + tally.reasons_text(), generator->advice(tally));
  facts.counts = tally.counts();
  if (data.facts().contexts.twins) facts.counts.twins = twins.facts();
  tell_twins(twins.facts());
  folder.finish(written, to_json(facts));
  return facts;
}

}  // namespace film::questions

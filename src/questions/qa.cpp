#include "film/questions/qa.h"

#include <algorithm>
#include <optional>

#include "endpoint_questions.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "film/questions/offline_writer.h"
#include "import.h"
#include "qa_files.h"
#include "qa_tally.h"

namespace film::questions {
namespace {

constexpr std::uint64_t kContextsPerBatch = 8;

std::vector<Asked> ask_batch(const QaSource& source, const QuestionWriter& writer, std::uint64_t first,
                             std::uint64_t end) {
  std::vector<Asked> batch;
  for (std::uint64_t i = first; i < end; ++i) {
    ContextMaterial material = source.read(i);
    WrittenQuestions written = writer.write(material);
    batch.push_back({std::move(material.context), std::move(written)});
  }
  return batch;
}

Json write_offline_questions(const QaSource& source, const QaSettings& settings, std::uint64_t contexts,
                             QaFiles& files, QaTally& tally) {
  const std::unique_ptr<QuestionWriter> writer = make_writer(settings, source);
  const auto make = [&](std::size_t i) {
    const std::uint64_t first = i * kContextsPerBatch;
    return ask_batch(source, *writer, first, std::min(first + kContextsPerBatch, contexts));
  };
  Progress progress("questions", contexts, "contexts");
  parallel_in_order((contexts + kContextsPerBatch - 1) / kContextsPerBatch, thread_count(settings.threads),
                    make, [&](std::size_t, std::vector<Asked> batch) {
                      throw_if_stopped("the questions are not finished");
                      progress.advance(batch.size());
                      for (Asked& asked : batch) {
                        tally.count(asked.context, asked.written);
                        files.write(std::move(asked));
                      }
                    });
  progress.finish();
  return Json::object();
}

// What a resumed run must agree on besides the settings.
Json inputs(const QaSource& source, const QaSettings& settings, std::uint64_t limit,
            const std::optional<Prompts>& prompts) {
  Json all = {{"data", source.identity}, {"limit", limit}};
  if (prompts) all["prompts"] = prompts->hashes();
  if (!settings.import.empty()) all["import"] = sha256_file(settings.import);
  return all;
}

std::string advice(const QaSettings& settings, const QaTally& tally) {
  if (settings.generator == "endpoint") return "read rejected.jsonl; then mend the prompts or the filters";
  if (settings.generator == "import") return "rejected.jsonl names what is wrong with each row";
  return tally.advice();
}

}  // namespace

std::unique_ptr<QuestionWriter> make_writer(const QaSettings& settings, const QaSource& source) {
  const std::string& own = settings.planted.question;
  return std::make_unique<OfflineWriter>(settings, own.empty() ? source.planted_question : own);
}

Json write_questions(const QaSource& source, const QaSettings& settings, const OutputRequest& output,
                     std::uint64_t limit) {
  settings.check();
  std::optional<Prompts> prompts;
  if (settings.generator == "endpoint") prompts.emplace(settings.prompts);
  const fs::path& out = output.path;
  OutputFolder folder(output);
  folder.bind_inputs(inputs(source, settings, limit, prompts));
  if (folder.finished()) {
    info(out.string() + " is finished already; nothing to do");
    return folder.manifest();
  }
  const std::uint64_t contexts = limit > 0 ? std::min(limit, source.contexts) : source.contexts;
  QaTally tally;
  QaFiles files(out);
  const Json more =
      prompts ? write_endpoint_questions(source, settings, *prompts, out, contexts, files, tally)
      : settings.generator == "import" ? write_imported_questions(source, settings, contexts, files, tally)
                                       : write_offline_questions(source, settings, contexts, files, tally);
  // The rejected ones are what tells why.
  const std::vector<fs::path> written = files.finish();
  if (tally.kept() == 0)
    throw bad_data("not one question was kept: " + tally.reasons_text(), advice(settings, tally));
  Json facts = {
      {"kind", "qa"}, {"seed", settings.seed}, {"generator", settings.generator}, {"data", source.identity}};
  facts.update(tally.facts());
  facts.update(more);
  folder.finish(written, facts);
  return folder.manifest();
}

}  // namespace film::questions

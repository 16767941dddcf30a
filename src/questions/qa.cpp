#include "film/questions/qa.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "film/questions/offline_writer.h"
#include "qa_tally.h"

namespace film {
namespace {

constexpr std::uint64_t kContextsPerBatch = 8;

struct Asked {
  Context context;
  WrittenQuestions written;
};

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

// examples.jsonl and rejected.jsonl.
class QaFiles {
 public:
  explicit QaFiles(const fs::path& out)
      : examples_(out / "examples.jsonl"), rejected_(out / "rejected.jsonl") {}

  void write(Asked asked) {
    for (const RejectedQuestion& rejected : asked.written.rejected)
      rejected_.write(to_line(Json{{"context", asked.context.id},
                                   {"split", asked.context.split},
                                   {"evidence", rejected.evidence},
                                   {"type", rejected.type},
                                   {"reason", rejected.reason},
                                   {"question", rejected.question},
                                   {"answer", rejected.answer}}) +
                      '\n');
    if (asked.written.kept.empty()) return;
    const Example example{examples_written_++, asked.context.id, to_text(asked.context.kind),
                          asked.context.split, std::move(asked.written.kept)};
    examples_.write(to_line(to_json(example)) + '\n');
  }

  std::vector<fs::path> finish() {
    examples_.commit();
    rejected_.commit();
    return {"examples.jsonl", "rejected.jsonl"};
  }

 private:
  AtomicFile examples_, rejected_;
  std::uint64_t examples_written_ = 0;
};

}  // namespace

std::unique_ptr<QuestionWriter> make_writer(const QaSettings& settings, const QaSource& source) {
  const std::string& own = settings.planted.question;
  return std::make_unique<OfflineWriter>(settings, own.empty() ? source.planted_question : own);
}

Json write_questions(const QaSource& source, const QaSettings& settings, const Fields& fields,
                     const fs::path& out, std::uint64_t limit) {
  settings.check();
  OutputFolder folder(out, "qa", fields, {{"data", source.identity}, {"limit", limit}});
  if (folder.finished()) {
    info(out.string() + " is finished already; nothing to do");
    return folder.manifest();
  }
  const std::unique_ptr<QuestionWriter> writer = make_writer(settings, source);
  const std::uint64_t contexts = limit > 0 ? std::min(limit, source.contexts) : source.contexts;
  const auto make = [&](std::size_t i) {
    const std::uint64_t first = i * kContextsPerBatch;
    return ask_batch(source, *writer, first, std::min(first + kContextsPerBatch, contexts));
  };
  QaTally tally;
  QaFiles files(out);
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
  if (tally.kept() == 0) throw bad_data("not one question was kept: " + tally.reasons_text(), tally.advice());
  Json facts = {
      {"kind", "qa"}, {"seed", settings.seed}, {"generator", settings.generator}, {"data", source.identity}};
  facts.update(tally.facts());
  folder.finish(files.finish(), facts);
  return folder.manifest();
}

}  // namespace film

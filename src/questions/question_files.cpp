#include "question_files.h"

namespace film::questions {
namespace {

Json line_of(const Context& context, const RejectedQuestion& rejected) {
  return {{"context", context.id},    {"split", name_of(context.split)},    {"evidence", rejected.evidence},
          {"type", rejected.type},    {"reason", name_of(rejected.reason)}, {"question", rejected.question},
          {"answer", rejected.answer}};
}

}  // namespace

QuestionFiles::QuestionFiles(fs::path folder)
    : folder_(std::move(folder)),
      examples_(folder_ / "examples.jsonl", Hashing::as_written),
      rejected_(folder_ / "rejected.jsonl", Hashing::as_written) {}

void QuestionFiles::write(const Context& context, WrittenQuestions written) {
  tally_.count(context, written);
  for (const RejectedQuestion& rejected : written.rejected)
    rejected_.write(to_line(line_of(context, rejected)) + '\n');
  if (written.kept.empty()) return;
  const Example example{examples_written_++, context.id, name_of(context.kind), context.split,
                        std::move(written.kept)};
  examples_.write(to_line(to_json(example)) + '\n');
}

void QuestionFiles::reject(const RejectedRow& row) {
  tally_.reject(row.reason);
  rejected_.write(to_line(Json{{"where", row.where},
                               {"type", "written"},
                               {"reason", name_of(row.reason)},
                               {"detail", row.detail},
                               {"question", row.question},
                               {"answer", row.answer}}) +
                  '\n');
}

std::vector<fs::path> QuestionFiles::finish() {
  examples_.commit();
  rejected_.commit();
  return {"examples.jsonl", "rejected.jsonl"};
}

}  // namespace film::questions

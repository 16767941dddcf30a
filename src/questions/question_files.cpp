#include "question_files.h"

namespace film::questions {
namespace {

Json line_of(const Context& context, const RejectedQuestion& rejected) {
  return {{"context", context.id},    {"split", name_of(context.split)},    {"evidence", rejected.evidence},
          {"type", rejected.type},    {"reason", name_of(rejected.reason)}, {"question", rejected.question},
          {"answer", rejected.answer}};
}

}  // namespace

QuestionFiles::QuestionFiles(fs::path folder, Twins* twins)
    : folder_(std::move(folder)),
      twins_(twins),
      examples_(folder_ / "examples.jsonl", Hashing::as_written),
      rejected_(folder_ / "rejected.jsonl", Hashing::as_written) {}

void QuestionFiles::write(const Context& context, WrittenQuestions written) {
  tally_.count(context, written);
  for (const RejectedQuestion& rejected : written.rejected)
    rejected_.write(to_line(line_of(context, rejected)) + '\n');
  if (written.kept.empty()) return;
  std::vector<Twins::Asked> asked;
  if (twins_ != nullptr) asked = twins_->after(context, written.kept);
  write_example(context, std::move(written.kept));
  for (Twins::Asked& twin : asked) {
    tally_.count_kept(*twin.context, twin.questions);
    write_example(*twin.context, std::move(twin.questions));
  }
}

void QuestionFiles::write_example(const Context& context, std::vector<Question> questions) {
  const Example example{examples_written_++, context.id, name_of(context.kind), context.split,
                        std::move(questions)};
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

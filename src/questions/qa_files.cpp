#include "qa_files.h"

namespace film::questions {

QaFiles::QaFiles(const fs::path& out)
    : examples_(out / "examples.jsonl"), rejected_(out / "rejected.jsonl") {}

void QaFiles::write(Asked asked) {
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

void QaFiles::reject(const Json& record) { rejected_.write(to_line(record) + '\n'); }

std::vector<fs::path> QaFiles::finish() {
  examples_.commit();
  rejected_.commit();
  return {"examples.jsonl", "rejected.jsonl"};
}

}  // namespace film::questions

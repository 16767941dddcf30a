#include "generator.h"

#include "film/base/log.h"
#include "placement.h"
#include "rows.h"

namespace film::questions {
namespace {

constexpr int kRowsNamed = 10;  // in the log; all are in rejected.jsonl

void write_rejected(const std::vector<ImportRow>& rows, QuestionFiles& out) {
  int rejected = 0;
  for (const ImportRow& row : rows) {
    if (!row.reject_reason) continue;
    out.reject({row.where, *row.reject_reason, row.detail, row.question, row.answer});
    if (rejected++ < kRowsNamed)
      warn(row.where + ": " + name_of(*row.reject_reason) + (row.detail.empty() ? "" : ": " + row.detail));
  }
  if (rejected > kRowsNamed)
    warn(std::to_string(rejected - kRowsNamed) + " more rejected rows are in rejected.jsonl");
}

}  // namespace

Json ImportGenerator::identity() const { return {{"import", sha256_file(file_)}}; }

void ImportGenerator::write(const Source& source, QuestionFiles& out, QaFacts& facts) {
  std::vector<ImportRow> rows;
  read_import_rows(file_, [&](ImportRow row) { rows.push_back(std::move(row)); });
  Placement placement(source);
  placement.place(rows);
  for (const auto& [id, questions] : placement.placed()) out.write(source.data.context(id), {questions, {}});
  write_rejected(rows, out);
  facts.import = QaImportFacts{file_.filename().string(), sha256_file(file_), rows.size()};
}

std::string ImportGenerator::advice(const Tally&) const {
  return "rejected.jsonl says for each row what is wrong with it";
}

}  // namespace film::questions

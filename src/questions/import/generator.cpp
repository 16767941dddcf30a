#include "generator.h"

#include <fmt/format.h>

#include <algorithm>

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

// film train asks about contexts of train, film eval about those of test: questions of the wrong split are not asked.
void note_splits(const folders::DataFolder& data, const CountByName& questions) {
  for (const Split split : {Split::train, Split::test}) {
    const auto of_split = [&](const Context& context) { return context.split == split; };
    if (questions.contains(name_of(split)) || std::ranges::none_of(data.contexts(), of_split)) continue;
    info(fmt::format(
        "none of these questions is about a context of {0}: film {1} does not ask them. Ask for that "
        "split with --split {0}, or row by row in a column \"split\"",
        name_of(split), split == Split::train ? "train" : "eval"));
  }
}

}  // namespace

Json ImportGenerator::identity() const { return {{"import", sha256_file(file_)}}; }

void ImportGenerator::write(const Source& source, QuestionFiles& out, QaFacts& facts) {
  std::vector<ImportRow> rows;
  read_import_rows(file_, [&](ImportRow row) {
    if (!row.split) row.split = from_name<Split>(name_of(split_));  // nothing for `any`
    rows.push_back(std::move(row));
  });
  Placement placement(source);
  placement.place(rows);
  for (const auto& [id, questions] : placement.placed()) out.write(source.data.context(id), {questions, {}});
  write_rejected(rows, out);
  if (split_ == SplitChoice::any && out.tally().kept() > 0)
    note_splits(source.data, out.tally().counts().questions.by_split);
  facts.import = QaImportFacts{file_.filename().string(), sha256_file(file_), rows.size()};
}

std::string ImportGenerator::advice(const Tally& tally) const {
  if (tally.rejected_for(RejectReason::other_split))
    return "quote text of a document of that split, or choose the split that the contexts belong to "
           "(--split, or a "
           "column \"split\"); film synth gives each document to one split";
  return "rejected.jsonl says for each row what is wrong with it";
}

}  // namespace film::questions

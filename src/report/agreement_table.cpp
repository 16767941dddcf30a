#include "agreement_table.h"

#include <fmt/format.h>

#include "film/base/format.h"
#include "film/base/terminal.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string model_of(const Agreement& agreement) {
  return agreement.model.empty() ? "all models" : agreement.model;
}

constexpr const char* kNone = "–";

// Where all verdicts are one word, there is no chance to agree beyond.
bool has_kappa(const Agreement& agreement) {
  for (std::size_t word = 0; word < agreement.table.size(); ++word)
    if (agreement.table[word].at(word) == agreement.count) return false;
  return agreement.count > 0;
}

std::string kappa_text(const Agreement& agreement) {
  if (!has_kappa(agreement)) return kNone;
  return fmt::format("{} [{}, {}]", fixed(agreement.kappa, 2), fixed(agreement.kappa_low, 2),
                     fixed(agreement.kappa_high, 2));
}

std::string agreed_text(const Agreement& agreement) {
  if (agreement.count == 0) return kNone;
  return fixed(agreement.agreed, 1) + " " + interval_text(agreement.low, agreement.high);
}

}  // namespace

TextTable agreement_table(const ReportInput& input) {
  TextTable table;
  table.words = 2;
  table.columns = {"task", "model", "answers", "same verdict, %", "kappa", "without a verdict of the judge"};
  for (const Agreement& agreement : input.agreements)
    table.rows.push_back({agreement.task, model_of(agreement), grouped(agreement.count),
                          agreed_text(agreement), kappa_text(agreement), grouped(agreement.without)});
  table.explained =
      "Answers on which a person and the judge gave a verdict. Kappa is Cohen's: 0 where they agree as often "
      "as chance "
      "would, 1 where they always do. In brackets: 95 % intervals.";
  return table;
}

TextTable confusion_table(const ReportInput& input) {
  TextTable table;
  table.words = 4;
  table.columns = {"task", "model", "person", "judge", "answers"};
  for (const Agreement& agreement : input.agreements)
    for (std::size_t person = 0; person < agreement.words.size(); ++person)
      for (std::size_t judge = 0; judge < agreement.words.size(); ++judge)
        table.rows.push_back({agreement.task, model_of(agreement), agreement.words[person],
                              agreement.words[judge], grouped(agreement.table.at(person).at(judge))});
  return table;
}

std::string agreement_html(const ReportInput& input) {
  return table_html("Judge and people", agreement_table(input)) +
         table_html("Verdicts of people and of the judge", confusion_table(input));
}

std::string agreement_summary(const std::vector<Agreement>& agreements) {
  std::string text;
  for (const Agreement& agreement : agreements)
    text += fmt::format("judge and people, {}, {}: same verdict on {} % of {} answers; kappa {}\n",
                        printable(agreement.task), printable(model_of(agreement)), agreed_text(agreement),
                        grouped(agreement.count), kappa_text(agreement));
  return text;
}

}  // namespace film::report

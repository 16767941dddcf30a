#pragma once
// What people said about answers that a judge reads as well.
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "film/base/files.h"
#include "film/records/agreement.h"
#include "film/records/scores.h"
#include "rubric.h"

namespace film::evaluation {

class HumanVerdicts {
 public:
  // JSONL, CSV or TSV with the columns id and verdict, and task and model where several are judged. Throws bad_data for rows
  // without these, two verdicts on one answer, and no verdict at all.
  explicit HumanVerdicts(const fs::path& file);

  // Of one model's answers to a task; `judged` are the judge's verdicts on them. Throws bad_data for a verdict that the rubric
  // does not know.
  Agreement with(const std::string& task, const std::string& model, const Rubric& rubric,
                 const std::vector<Prediction>& judged);
  // The same answers of all models that with() was asked about.
  Agreement with_all(const std::string& task, const Rubric& rubric) const;
  // Warns of rows that are about no answer; throws bad_data where that are all.
  void finish() const;

 private:
  struct Said {
    std::string verdict, where;
  };
  const Said* find(const std::string& task, const std::string& model, const std::string& id);

  fs::path file_;
  std::map<std::tuple<std::string, std::string, std::string>, Said> said_;  // by task, model (empty: any), id
  std::set<const Said*> used_;
  struct Pairs {
    std::vector<std::pair<std::size_t, std::size_t>> verdicts;
    std::uint64_t without = 0;
  };
  std::map<std::string, Pairs> by_task_;
};

}  // namespace film::evaluation

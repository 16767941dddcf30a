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
#include "judging.h"
#include "rubric.h"

namespace film::evaluation {

class HumanVerdicts {
 public:
  // JSONL, CSV or TSV with the columns id and verdict, and task and model where several are judged. Throws bad_data for rows
  // without these, two verdicts on one answer, and no verdict at all.
  explicit HumanVerdicts(const fs::path& file);

  // Before anything is asked: throws bad_data for a verdict that the rubric does not know, for one on several answers, and where
  // none is on a question that will be judged; the others that are on none are left out with a warning. limit: questions of
  // each task that are asked; 0: all.
  void check(const std::vector<tasks::Task>& tasks, const std::vector<Judged>& judged,
             const std::vector<std::string>& models, std::uint64_t limit);

  // The judge's verdicts on one model's answers to a task.
  struct Answers {
    std::string model;
    std::vector<Prediction> judged;
  };
  // With those of each model, and of several models together. Where people said nothing, there is no agreement. Throws as
  // check() does.
  std::vector<Agreement> agreements(const std::string& task, const Rubric& rubric,
                                    const std::vector<Answers>& models);
  // Warns of verdicts that are on no answer; throws bad_data where that are all.
  void finish() { leave_out_unused("answer that was judged"); }

 private:
  struct Said {
    std::string verdict, where;
  };
  struct Pairs {
    std::vector<std::pair<std::size_t, std::size_t>> verdicts;
    std::uint64_t without = 0;
  };

  const Said* find(const std::string& task, const std::string& model, const std::string& id);
  Pairs pairs_of(const std::string& task, const Rubric& rubric, const Answers& answers);
  void leave_out_unused(const std::string& what);

  fs::path file_;
  std::map<std::tuple<std::string, std::string, std::string>, Said> said_;  // by task, model (empty: any), id
  std::set<const Said*> used_;
};

}  // namespace film::evaluation

#pragma once
// Counts of what became of the questions.
#include <string>

#include "film/records/qa_facts.h"
#include "written.h"

namespace film::questions {

class Tally {
 public:
  void count(const Context& context, const WrittenQuestions& written);
  void count_kept(const Context& context,
                  const std::vector<Question>& kept);  // of a twin: it is not asked about
  void reject(RejectReason reason);                    // a question of no known context

  std::uint64_t kept() const { return counts_.questions.count; }
  bool rejected_for(RejectReason reason) const;
  std::string reasons_text() const;  // "answer_in_question 3, no_whole_sentence 1"
  const QaCounts& counts() const { return counts_; }

 private:
  QaCounts counts_;
};

}  // namespace film::questions

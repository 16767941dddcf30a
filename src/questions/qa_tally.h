#pragma once
// Private to the room: counts of what became of the questions.
#include <array>
#include <map>
#include <string>

#include "film/questions/writer.h"

namespace film::questions {

class QaTally {
 public:
  void count(const Context& context, const WrittenQuestions& written);
  void reject(const std::string& reason) { ++rejected_, ++by_reason_[reason]; }  // one without a context
  std::uint64_t kept() const { return kept_; }
  std::string reasons_text() const;  // "answer_in_question 3, no_whole_sentence 1"
  std::string advice() const;        // when the offline generator kept none
  Json facts() const;

 private:
  static constexpr std::uint64_t kBins = 16;
  std::uint64_t contexts_ = 0, examples_ = 0, kept_ = 0, rejected_ = 0;
  std::map<std::string, std::uint64_t> by_type_, by_split_, examples_by_split_, by_reason_;
  std::array<std::uint64_t, kBins> slots_{};  // kept questions by relative depth of their evidence
};

}  // namespace film::questions

#pragma once
// Private to the module: questions that are asked a second time, about a context without their evidence.
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "film/questions/twin_settings.h"
#include "film/records/qa_facts.h"
#include "source.h"

namespace film::questions {

// Whether a text, in lower case, has the answer word for word; marks at its ends do not count.
bool has_answer(const std::string& text, const std::string& answer);

// Counts the training questions that are kept, and has so many asked about twins that there are `share` of them for each:
// the exact number at every moment, if enough twins are there. A twin is not used if what took the place of the evidence
// holds the answer too.
class Twins {
 public:
  // Keeps references.
  Twins(const Source& source, const TwinSettings& settings);

  struct Asked {
    const Context* context = nullptr;
    std::vector<Question> questions;  // labels: type "unanswerable", and "of", the type that they were
  };
  // These questions on a context are kept: what is to be written about twins now.
  std::vector<Asked> after(const Context& context, const std::vector<Question>& kept);
  const QaTwins& facts() const { return facts_; }

 private:
  std::vector<Question> unanswerable(const Asked& candidate) const;

  static constexpr std::size_t kMostWaiting = 1000;
  const Source& source_;
  const TwinSettings& settings_;
  const double share_;
  std::unordered_map<std::uint64_t, const Context*> twin_of_;
  std::deque<Asked> waiting_;  // not needed yet
  std::uint64_t kept_ = 0;
  QaTwins facts_;
};

}  // namespace film::questions

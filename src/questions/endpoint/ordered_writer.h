#pragma once
// Answers come in any order; files are written in the order of the contexts. What is written once is judged once.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "../question_files.h"
#include "../source.h"
#include "spare_plan.h"

namespace film::questions {

class OrderedWriter {
 public:
  // The questions of a context that is done, made again.
  using Remake = std::function<WrittenQuestions(const Context&)>;

  // Keeps references to all of them. most_held: contexts whose questions are held while one before them is still open;
  // those beyond are made again when their turn comes, so that a slow answer does not cost memory.
  OrderedWriter(const Source& source, const SparePlan& plan, QuestionFiles& out, Remake remake,
                std::size_t most_held = kMostHeld)
      : source_(source), plan_(plan), out_(out), remake_(std::move(remake)), most_held_(most_held) {}

  // Of a context that the plan has as done. Writes it and all behind it that waited for it.
  void add(std::uint64_t context, WrittenQuestions written);
  // No further context will be asked about. All that were are done.
  void finish();

 private:
  static constexpr std::size_t kMostHeld = 10'000;
  void write_next();

  const Source& source_;
  const SparePlan& plan_;
  QuestionFiles& out_;
  Remake remake_;
  std::size_t most_held_;
  std::map<std::uint64_t, WrittenQuestions> held_;  // by context
  std::uint64_t next_ = 0;                          // to write
};

}  // namespace film::questions

#pragma once
// The contradicting pieces of each question of `factorial`, in its pool of fillers; and which questions have none, and why.
#include <map>
#include <string>
#include <vector>

#include "filler_pool.h"
#include "film/base/json.h"
#include "film/tasks/settings.h"

namespace film::tasks {

class MadePieces {
 public:
  // Made where factorial.grades asks for them.
  MadePieces(FillerPool& pool, const std::vector<PlacedQuestion>& questions,
             const FactorialSettings& settings, std::uint64_t seed);

  // Numbers of the pieces that a grade takes first, for most grades none; nullptr: the question has none, and is left out.
  const std::vector<std::uint32_t>* of(std::size_t question, Filler grade) const;
  // Counts and names of questions without, and how many pieces there are.
  void note(Json& notes) const;

 private:
  std::vector<std::vector<std::uint32_t>> pieces_;  // by question; empty where the grade is not asked for
  std::map<std::string, std::vector<std::string>> without_;  // why -> the questions
  std::uint64_t count_ = 0;
};

}  // namespace film::tasks

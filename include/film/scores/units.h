#pragma once
// Answers that are right or wrong together.
#include <cstdint>
#include <optional>

#include "film/tasks/task.h"

namespace film::scores {

class Units {
 public:
  explicit Units(const tasks::Task& task);
  // The unit of an item of one of the task's contexts: the question, where it is asked at several depths; its context, where
  // there are several and one has several questions. Nothing: the item is a unit of its own.
  std::optional<std::uint64_t> of(const tasks::Item& item, std::size_t context) const;

 private:
  bool shared_;  // contexts are units
};

}  // namespace film::scores

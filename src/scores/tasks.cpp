#include "film/scores/tasks.h"

#include "builders.h"
#include "film/base/error.h"

namespace film::scores {

const std::vector<Task>& tasks() {
  static const std::vector<Task> table = {
      {"in2", "held-out synthetic questions of a DATA folder", "exact match", "", true, build_in2},
      {"document", "which sentence contains these words?", "word recall", "bi-directional", false,
       build_document},
      {"code", "which function contains this line?", "name", "backward", false, build_code},
      {"database", "which label and description has this id?", "any of", "forward", false, build_database},
  };
  return table;
}

const Task& find_task(const std::string& name) {
  std::string known;
  for (const Task& task : tasks()) {
    if (task.name == name) return task;
    known += (known.empty() ? "" : ", ") + std::string(task.name);
  }
  throw config_error("no probe is called \"" + name + "\"", "there are: " + known);
}

Probe build_probe(const Task& task, const TaskInput& input) {
  Probe probe = task.build(input);
  probe.task = task.name;
  probe.metric = task.metric;
  probe.pattern = task.pattern;
  return probe;
}

}  // namespace film::scores

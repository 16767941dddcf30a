#include "probes.h"

namespace film::tasks {

namespace {

bool always(const Settings&) { return true; }
bool without_file(const Settings& settings) { return settings.factorial.file.empty(); }

}  // namespace

const std::vector<Probe>& probes() {
  static const std::vector<Probe> table = {
      {"in2", "exact match", "", false, always, build_in2},
      {"document", "word recall", "bi-directional", true, nullptr, build_document},
      {"code", "name", "backward", true, nullptr, build_code},
      {"database", "any of", "forward", true, nullptr, build_database},
      {"factorial", "contains answer", "", true, without_file, build_factorial},
      {"unanswerable", "abstains", "", true, without_file, build_unanswerable},
  };
  return table;
}

void rate_answers(Task& task) {
  task.mode = Mode::choose;
  task.metric = "probability per character";
  for (ContextItems& context : task.contexts)
    for (Item& item : context.items) item.choices = {item.answers.front()};
}

const Probe* find_probe(const std::string& name) {
  for (const Probe& probe : probes())
    if (probe.name == name) return &probe;
  return nullptr;
}

}  // namespace film::tasks

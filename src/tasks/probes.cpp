#include "probes.h"

namespace film::tasks {

const std::vector<Probe>& probes() {
  static const std::vector<Probe> table = {
      {"in2", "exact match", "", true, build_in2},
      {"document", "word recall", "bi-directional", false, build_document},
      {"code", "name", "backward", false, build_code},
      {"database", "any of", "forward", false, build_database},
  };
  return table;
}

const Probe* find_probe(const std::string& name) {
  for (const Probe& probe : probes())
    if (probe.name == name) return &probe;
  return nullptr;
}

}  // namespace film::tasks

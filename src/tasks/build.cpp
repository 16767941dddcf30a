#include "film/tasks/build.h"

#include "data_files.h"
#include "film/base/error.h"
#include "probes.h"
#include "rows_task.h"
#include "spec.h"

namespace film::tasks {
namespace {

Task build_probe(const Probe& probe, const BuildInput& input) {
  if (probe.measures && !input.tokens)
    throw internal_error(std::string("probe ") + probe.name + " without a measure of length");
  Task task = probe.build(input);
  task.name = probe.name;
  if (task.metric.empty()) task.metric = probe.metric;
  task.pattern = probe.pattern;
  for (ContextItems& context : task.contexts)
    for (Item& item : context.items) item.row = task.rows++;
  return task;
}

}  // namespace

bool needs_tokenizer(const std::string& name, const Catalog& catalog, bool prompts) {
  const auto file = catalog.file(name);
  return !file || (prompts && read_spec(*file).max_prompt_tokens > 0);
}

bool needs_data(const std::string& name, const Settings& settings) {
  const Probe* probe = find_probe(name);
  return probe != nullptr && probe->needs_data && probe->needs_data(settings);
}

Task build_task(const std::string& name, const Catalog& catalog, const BuildInput& input) {
  catalog.require(name);
  if (const Probe* probe = find_probe(name)) return build_probe(*probe, input);
  return build_rows_task(read_spec(*catalog.file(name)), input);
}

std::vector<fs::path> files_of_task(const std::string& name, const Catalog& catalog, const Settings& settings,
                                    Made made) {
  const auto file = catalog.file(name);
  if (!file) return {};
  const TaskSpec spec = read_spec(*file);
  std::vector<std::string> others;
  const bool reads = made != Made::nothing || reads_data_anyway(spec, settings.task_data);
  if (reads) others = {spec.skip};
  if (made == Made::prompts) others.push_back(spec.shots.file);
  std::vector<fs::path> files = {*file};
  if (!spec.like.empty()) files.push_back(file->parent_path() / spec.like);
  if (reads)
    for (const DataFile& data : data_files(spec, settings.task_data)) files.push_back(data.path);
  for (const std::string& other : others)
    if (!other.empty()) files.push_back(data_file(spec, other, settings.task_data));
  return files;
}

}  // namespace film::tasks

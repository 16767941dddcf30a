#include "questions_file.h"

#include "film/base/enum_names.h"
#include "film/base/json.h"

namespace film::evaluation {
namespace {

Json row_of(const tasks::Task& task, const tasks::Item& item, const answers::Request& request) {
  Json row = {{"id", item.id},
              {"task", task.name},
              {"form", name_of(task.form)},
              {"question", request.question},
              {"answer", item.answers.front()},
              {"answers", item.answers}};
  if (request.context) row["context"] = request.context->text;
  if (!request.answer_start.empty()) row["answer_start"] = request.answer_start;
  if (!request.choices.empty()) row["choices"] = request.choices;
  if (item.evidence) row["evidence"] = to_json(*item.evidence);
  return row;
}

}  // namespace

std::uint64_t write_task_questions(const std::vector<tasks::Task>& tasks, const RunOptions& options,
                                   const fs::path& file) {
  AtomicFile out(file);
  std::uint64_t rows = 0;
  for (const tasks::Task& task : tasks) {
    const std::uint64_t limit = options.limit == 0 ? UINT64_MAX : options.limit;
    std::uint64_t number = 0;
    for (const tasks::ContextItems& context : task.contexts) {
      if (number >= limit) break;
      const auto text = context.open ? opened(context, options) : nullptr;
      for (const tasks::Item& item : context.items) {
        if (number >= limit) break;
        out.write(to_line(row_of(task, item, request_of(task, item, text, number++))) + "\n");
        ++rows;
      }
    }
  }
  out.commit();
  return rows;
}

}  // namespace film::evaluation

#include "film/exports/export.h"

#include <functional>

#include "card.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "retrieval.h"
#include "rows.h"

namespace film::exports {
namespace {

// One file a split.
class RowWriter {
 public:
  RowWriter(const fs::path& out, const ExportSettings& settings) : out_(out), settings_(settings) {}

  bool add(const AskedQuestion& asked) {
    std::unique_ptr<AtomicFile>& file = files_[static_cast<std::size_t>(asked.example.split)];
    if (!file) file = std::make_unique<AtomicFile>(out_ / path_of(asked.example.split));
    file->write(to_line(row_of(asked, settings_)) + '\n');
    return true;
  }

  std::vector<fs::path> finish() {
    std::vector<fs::path> paths;
    for (const Split split : kSplits)
      if (auto& file = files_[static_cast<std::size_t>(split)]) {
        file->commit();
        paths.push_back(path_of(split));
      }
    return paths;
  }

 private:
  static fs::path path_of(Split split) { return name_of(split) + ".jsonl"; }

  const fs::path out_;
  const ExportSettings& settings_;
  std::array<std::unique_ptr<AtomicFile>, kSplits.size()> files_;  // by split
};

// Every question in order of the examples; counts in `facts` those that are used.
void for_each_question(const folders::DataFolder& data, const text::Tokenizer& tokenizer, std::uint64_t limit,
                       ExportFacts& facts, const std::function<bool(const AskedQuestion&)>& use) {
  std::vector<Example> examples = data.examples();
  if (limit > 0 && limit < examples.size()) examples.resize(limit);
  Progress progress("export", examples.size(), "contexts");
  for (const Example& example : examples) {
    throw_if_stopped("the export is not finished");
    const Context& context = data.context(example.context);
    const std::vector<std::string> segments = data.segment_texts(context, tokenizer);
    for (std::size_t i = 0; i < example.questions.size(); ++i)
      if (use({example, example.questions[i], question_id(example, i), context, segments}))
        ++facts.rows[name_of(example.split)];
    progress.advance(1);
  }
  progress.finish();
}

void write_beside(const fs::path& out, const fs::path& name, const std::string& content, Exported& exported) {
  write_file(out / name, content);
  exported.files.push_back(name);
}

}  // namespace

Exported export_data(const folders::DataFolder& data, const ExportSettings& settings, const fs::path& out,
                     std::uint64_t limit) {
  const text::Tokenizer tokenizer = data.tokenizer(settings.tokenizer);
  Exported exported;
  exported.facts.form = name_of(settings.form);
  if (settings.form == ExportForm::retrieval) {
    RetrievalWriter writer(out);
    for_each_question(data, tokenizer, limit, exported.facts,
                      [&](const AskedQuestion& asked) { return writer.add(asked); });
    exported.files = writer.finish();
  } else {
    RowWriter writer(out, settings);
    for_each_question(data, tokenizer, limit, exported.facts,
                      [&](const AskedQuestion& asked) { return writer.add(asked); });
    exported.files = writer.finish();
  }
  if (settings.form == ExportForm::messages)
    write_beside(out, "dataset_info.json", to_pretty(llama_factory_info(settings, exported.facts)), exported);
  write_beside(out, "README.md", card(settings, data.facts(), exported.facts), exported);
  return exported;
}

}  // namespace film::exports

#include "show_page.h"

#include <fmt/chrono.h>

#include <ctime>

#include "film/base/manifest.h"
#include "film/folders/open_folder.h"
#include "film/folders/question_folders.h"
#include "film/report/data_page.h"
#include "shell_line.h"

namespace film::cli {
namespace {

constexpr std::size_t kOfEachKind = 2;

std::vector<QaFacts> facts_of_questions(const fs::path& folder) {
  std::vector<QaFacts> facts;
  for (const fs::path& questions : folders::question_folders(folder)) {
    const fs::path file = questions / "manifest.json";
    facts.push_back(from_json<QaFacts>(Manifest::read(file).facts(), file.string()));
  }
  return facts;
}

// Contexts with questions, where there are any.
std::vector<report::ContextSample> first_contexts(const folders::DataFolder& data,
                                                  QuestionsByContext& questions,
                                                  const text::Tokenizer& tokenizer) {
  std::map<std::tuple<ContextKind, Split, bool>, std::size_t> taken;
  std::vector<report::ContextSample> samples;
  for (const Context& context : data.contexts()) {
    const auto asked = questions.find(context.id);
    if (!questions.empty() && asked == questions.end()) continue;
    if (++taken[{context.kind, context.split, context.twin_of.has_value()}] > kOfEachKind) continue;
    samples.push_back({context, around_evidence(data.segment_texts(context, tokenizer), context.evidence, ""),
                       asked == questions.end() ? std::vector<Question>() : asked->second});
  }
  return samples;
}

}  // namespace

std::string data_page_of(const folders::DataFolder& data, const fs::path& folder,
                         QuestionsByContext questions, const text::Tokenizer& tokenizer) {
  report::DataPage page;
  page.title = folder.string();
  page.date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  page.facts = data.facts();
  page.questions = facts_of_questions(folder);
  page.contexts = first_contexts(data, questions, tokenizer);
  page.command = film_line(folders::recorded_command(folder));
  page.provenance = {{"settings", folders::all_recorded_settings(folder)},
                     {"SHA-256 of manifest.json", data.identity()},
                     {"SHA-256 of the tokenizer", data.tokenizer_sha256()}};
  return report::data_page(page);
}

}  // namespace film::cli

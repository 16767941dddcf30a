// film check of what film synth and film qa write.
#include <algorithm>

#include "checks.h"
#include "film/base/format.h"
#include "film/base/lines.h"
#include "film/corpus/store.h"
#include "film/folders/question_folders.h"
#include "film/records/conversation.h"
#include "film/records/qa_facts.h"
#include "settings_record.h"

namespace film::folders {
namespace {

void check_documents(FolderCheck& check, const DataFolder& data) {
  std::uint64_t documents = 0, segments = 0;
  for (std::size_t part = 0;; ++part) {
    const fs::path file = check.folder / corpus::part_path("documents", part, ".jsonl");
    if (!fs::exists(file)) break;
    for_each_record(file, [&](const Json& line, const std::string& where) {
      segments += from_json<DocumentInfo>(line, where).segments;
      ++documents;
    });
  }
  const CorpusCounts& said = data.facts().corpus.all;
  check_count(check, "documents", said.documents, documents);
  check_count(check, "segments in documents", said.segments, segments);
  check_count(check, "segments", said.segments, data.segment_count());
  check.holds.push_back(counted(documents, "document"));
}

void check_contexts(FolderCheck& check, const DataFolder& data) {
  std::uint64_t tokens = 0;
  for (const Context& context : data.contexts()) tokens += data.tokens(context).size();
  const ContextCounts& said = data.facts().contexts.all;
  check_count(check, "contexts", said.contexts, data.contexts().size());
  check_count(check, "tokens in contexts", said.tokens, tokens);
  check.holds.push_back(counted(data.contexts().size(), "context"));
}

// Where a file of the corpus is: its name begins with the last name of an input.
fs::path place_of(const std::string& source, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    const fs::path whole = fs::absolute(input / fs::path()).lexically_normal().parent_path();
    const fs::path file = whole.parent_path() / source;
    if (*fs::path(source).begin() == whole.filename() && fs::exists(file)) return file;
  }
  return {};
}

void check_corpus(FolderCheck& check) {
  const std::vector<std::string> inputs = recorded_settings(check.folder, "inputs");
  std::uint64_t files = 0, gone = 0;
  for_each_record(
      check.folder / "documents" / "sources.jsonl", [&](const Json& line, const std::string& where) {
        const auto source = member<std::string>(line, "source", where);
        const fs::path file = place_of(source, inputs);
        ++files;
        if (file.empty())
          ++gone;
        else
          check_input(check, "a file of the corpus", file, member<std::string>(line, "sha256", where));
      });
  if (gone > 0)
    check.notes.push_back(grouped(gone) + " of " + grouped(files) +
                          " files of the corpus are not where they were: not compared");
}

// Every question is about a context of DATA and points into it.
void check_examples(FolderCheck& check, const DataFolder& data, const QaFacts& facts) {
  std::uint64_t questions = 0;
  const std::vector<Example> examples = data.examples();
  for (const Example& example : examples) {
    const Context& context = data.context(example.context);
    questions += example.questions.size();
    for (const Question& question : example.questions)
      for (const std::uint32_t position : question.evidence)
        if (position >= context.segments.size())
          check.faults.push_back((check.folder / "examples.jsonl").string() + ": example " +
                                 std::to_string(example.id) + " has evidence at position " +
                                 std::to_string(position) + " of a context of " +
                                 std::to_string(context.segments.size()) + " segments");
    if (example.split != context.split)
      check.faults.push_back((check.folder / "examples.jsonl").string() + ": example " +
                             std::to_string(example.id) + " is of " + name_of(example.split) +
                             ", its context of " + name_of(context.split));
  }
  check_count(check, "examples", facts.counts.examples.count, examples.size());
  check_count(check, "questions", facts.counts.questions.count, questions);
  check.holds.push_back(counted(questions, "question") + " about " + counted(examples.size(), "context"));
}

void check_general(FolderCheck& check, const GeneralFacts& facts) {
  std::uint64_t conversations = 0, turns = 0;
  for_each_record(check.folder / "conversations.jsonl", [&](const Json& line, const std::string& where) {
    turns += from_json<Conversation>(line, where).turns.size();
    ++conversations;
  });
  check_count(check, "conversations", facts.conversations, conversations);
  check_count(check, "turns", facts.turns, turns);
  check.holds.push_back(counted(conversations, "conversation"));
}

}  // namespace

void check_data(FolderCheck& check) {
  const Manifest manifest = Manifest::read(check.folder / "manifest.json");
  if (!check_files(check, manifest)) return;  // what is counted in damaged files says nothing
  const DataFolder data(check.folder);
  check_documents(check, data);
  check_contexts(check, data);
  check_corpus(check);
  if (const std::string tokenizer = recorded_setting(check.folder, "tokenizer"); !tokenizer.empty())
    check_input(check, "the tokenizer", tokenizer, data.facts().tokenizer.sha256);
}

void check_questions(FolderCheck& check) {
  const fs::path file = check.folder / "manifest.json";
  const Manifest manifest = Manifest::read(file);
  if (!check_files(check, manifest)) return;
  if (manifest.facts().value("kind", "") == "general")
    return check_general(check, from_json<GeneralFacts>(manifest.facts(), file.string()));
  const auto facts = from_json<QaFacts>(manifest.facts(), file.string());
  check_examples(check, DataFolder(check.folder),
                 facts);  // which is the DATA that they are about, or is refused
  std::uint64_t rejected = 0;
  for_each_record(check.folder / "rejected.jsonl", [&](const Json&, const std::string&) { ++rejected; });
  check_count(check, "rejected questions", facts.counts.rejected.count, rejected);
  if (facts.import)
    check_input(check, "the imported file", SettingsRecord::read(check.folder).imported_file(),
                facts.import->sha256);
}

}  // namespace film::folders

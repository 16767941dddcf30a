#include "film/questions/general.h"

#include <fmt/format.h>

#include <algorithm>

#include "conversation_rows.h"
#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/random.h"
#include "film/base/signals.h"
#include "film/cleaning/evaluation_texts.h"

namespace film::questions {
namespace {

const fs::path kConversationFile = "conversations.jsonl", kRejectedFile = "rejected.jsonl";

std::vector<sources::SourceFile> list_general_files(const GeneralSettings& settings) {
  using enum sources::FileKind;
  const std::vector<fs::path> inputs(settings.files.begin(), settings.files.end());
  return sources::list_files(inputs, {{}, {jsonl, csv, tsv, parquet}, ""}, "general.files").files;
}

std::uint64_t training_questions(const folders::DataFolder& data) {
  std::uint64_t questions = 0;
  for (const Example& example : data.examples(Split::train)) questions += example.questions.size();
  return questions;
}

// To the nearest whole number.
std::uint64_t by_ratio(std::uint64_t questions, const std::vector<std::uint32_t>& ratio) {
  return (questions * ratio[0] + ratio[1] / 2) / ratio[1];
}

std::string whole_text(const Conversation& conversation) {
  std::string text = conversation.context;
  for (const Turn& turn : conversation.turns) text += "\n" + turn.user + "\n" + turn.assistant;
  return text;
}

// Reads the files twice: which rows are usable, then those that were drawn.
class GeneralDraw {
 public:
  GeneralDraw(const GeneralSettings& settings, std::uint64_t seed,
              const std::vector<sources::SourceFile>& files, const fs::path& folder)
      : settings_(settings), seed_(seed), files_(files), folder_(folder) {}

  void find_usable(GeneralFacts& facts) {
    std::unique_ptr<cleaning::EvaluationTexts> evaluation;
    if (settings_.decontaminate.on())
      evaluation = std::make_unique<cleaning::EvaluationTexts>(
          settings_.decontaminate, cleaning::list_evaluation_files(settings_.decontaminate));
    AtomicFile rejected(folder_ / kRejectedFile);
    read_conversations(files_, [&](ConversationRow row) {
      throw_if_stopped("the conversations are not drawn");
      const std::uint64_t number = facts.rows++;
      if (!row.fault && evaluation)
        if (const auto overlap = evaluation->overlap(whole_text(row.conversation))) {
          row.fault = ConversationFault::contaminated;
          row.detail = overlap->where + ": \"" + overlap->words + "\"";
        }
      if (!row.fault) {
        keys_.emplace_back(Random(seed_, "general", number).bits(), number);
        return;
      }
      ++facts.rejected[name_of(*row.fault)];
      rejected.write(
          to_line(Json{{"where", row.where}, {"reason", name_of(*row.fault)}, {"detail", row.detail}}) +
          '\n');
    });
    rejected.commit();
    facts.usable = keys_.size();
  }

  // The rows with the smallest keys: of two numbers the smaller is a part of the larger.
  void write(std::uint64_t count, GeneralFacts& facts) {
    std::ranges::sort(keys_);
    keys_.resize(count);
    std::vector<std::uint64_t> drawn;
    for (const auto& [key, number] : keys_) drawn.push_back(number);
    std::ranges::sort(drawn);
    AtomicFile file(folder_ / kConversationFile);
    std::uint64_t number = 0;
    auto next = drawn.begin();
    read_conversations(files_, [&](ConversationRow row) {
      throw_if_stopped("the conversations are not written");
      if (next == drawn.end() || number++ != *next) return;
      ++next;
      row.conversation.id = facts.conversations++;
      facts.turns += row.conversation.turns.size();
      facts.with_context += row.conversation.context.empty() ? 0 : 1;
      file.write(to_line(to_json(row.conversation)) + '\n');
    });
    file.commit();
  }

 private:
  const GeneralSettings& settings_;
  std::uint64_t seed_;
  const std::vector<sources::SourceFile>& files_;
  fs::path folder_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> keys_;  // of usable rows: key, number
};

std::string rejected_text(const GeneralFacts& facts) {
  std::string text;
  for (const auto& [reason, count] : facts.rejected)
    text += (text.empty() ? "" : ", ") + grouped(count) + " " + reason;
  return text;
}

void require_enough(std::uint64_t wanted, const GeneralFacts& facts) {
  const std::string rejected = rejected_text(facts);
  if (wanted > facts.usable)
    throw bad_data("general.files hold " + counted(facts.usable, "usable conversation") + " in " +
                       counted(facts.rows, "row") +
                       (rejected.empty() ? "" : " (rejected: " + rejected + ")") + ", but " +
                       grouped(wanted) + " are wanted",
                   "name more files, or fewer: --set general.count=" + std::to_string(facts.usable));
  if (wanted == 0)
    throw config_error("general.ratio of so few questions is not one conversation", "set general.count");
}

}  // namespace

void GeneralSettings::describe(Fields& f) {
  f.add("files", files, "instruction data to mix in: JSONL, JSON, CSV and TSV files, and folders of them")
      .runtime()
      .path();
  f.add("count", count, "conversations to draw; 0 = by general.ratio").range(0, 1e9);
  f.add("ratio", ratio, "so many conversations for so many training questions of DATA, as a list of the two");
  f.group("decontaminate", decontaminate);
}

void GeneralSettings::check() const {
  if (ratio.size() != 2 || ratio[0] == 0 || ratio[1] == 0)
    throw config_error("general.ratio must be two numbers above 0, such as [20, 155], got " +
                       to_line(Json(ratio)));
}

GeneralFacts write_general(const folders::DataFolder& data, const GeneralSettings& settings,
                           std::uint64_t seed, const OutputRequest& output) {
  settings.check();
  const std::vector<sources::SourceFile> files = list_general_files(settings);
  GeneralFacts facts;
  facts.data = data.identity();
  facts.seed = seed;
  if (settings.count == 0) facts.questions = training_questions(data);
  OutputRequest request = output;
  request.unbound = {kConversationFile.string(), kRejectedFile.string()};
  OutputFolder folder(request);
  folder.bind_inputs(
      {{"data", facts.data}, {"general", sources::listing_sha256(files)}, {"questions", facts.questions}});
  folder.note_place("data", fs::absolute(data.path()));
  if (folder.finished()) {
    info(output.path.string() + " is finished already; nothing to do");
    return from_json<GeneralFacts>(folder.manifest(), (output.path / "manifest.json").string());
  }
  GeneralDraw draw(settings, seed, files, output.path);
  draw.find_usable(facts);
  const std::uint64_t wanted =
      settings.count > 0 ? settings.count : by_ratio(facts.questions, settings.ratio);
  require_enough(wanted, facts);
  draw.write(wanted, facts);
  folder.finish({kConversationFile, kRejectedFile}, to_json(facts));
  return facts;
}

std::string general_summary(const GeneralFacts& facts) {
  std::string text = fmt::format("{:>12} rows\n{:>12} usable\n{:>12} conversations drawn, of {} turns\n",
                                 grouped(facts.rows), grouped(facts.usable), grouped(facts.conversations),
                                 grouped(facts.turns));
  if (facts.with_context > 0)
    text += fmt::format("{:>12} of them with a context\n", grouped(facts.with_context));
  if (facts.questions > 0)
    text += fmt::format("{:>12} training questions in DATA\n", grouped(facts.questions));
  for (const auto& [reason, count] : facts.rejected)
    text += fmt::format("{:>12} rejected: {}\n", grouped(count), reason);
  return text;
}

}  // namespace film::questions

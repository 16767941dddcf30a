// The same questions at every depth of contexts of every length, between fillers of every grade; and the same contexts
// without their evidence, where the right answer is that the text does not say it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "filler_pool.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "made_pieces.h"
#include "odd_rows.h"
#include "pieces.h"
#include "probes.h"

namespace film::tasks {
namespace {

// Questions, and the text around them.
struct Material {
  std::vector<PlacedQuestion> questions;
  std::vector<std::string> pieces;
};

// Held-out questions with one piece of evidence. Evidence of all questions is out of the other pieces: the pool knows it.
Material from_data(const std::vector<HeldOut>& held_out, std::uint32_t items) {
  constexpr std::size_t kMostPieces = 20'000;
  Material material;
  for (const HeldOut& held : held_out) {
    if (material.pieces.size() >= kMostPieces && material.questions.size() >= items) break;
    const std::vector<std::string> pieces = held.open().pieces;
    std::set<std::uint32_t> evidence;
    for (const Question& question : held.example.questions) {
      evidence.insert(question.evidence.begin(), question.evidence.end());
      if (question.evidence.size() == 1 && material.questions.size() < items)
        material.questions.push_back({question.question, pieces.at(question.evidence[0]), {question.answer}});
    }
    for (std::uint32_t p = 0; p < pieces.size(); ++p)
      if (!evidence.contains(p)) material.pieces.push_back(pieces[p]);
  }
  if (material.questions.empty())
    throw no_input("factorial: none of the held-out questions has one piece of evidence",
                   "name questions of your own: --set factorial.file=FILE");
  return material;
}

void add_paragraphs(const std::string& text, std::vector<std::string>& pieces) {
  const std::string lines = with_line_feeds(text);
  for (const std::string_view paragraph : split(lines, "\n\n"))
    if (const std::string_view kept = trim(paragraph); !kept.empty()) pieces.emplace_back(kept);
}

Material from_files(const FactorialSettings& settings, OddRows& odd) {
  Material material;
  const auto files = source_files(
      settings.file, {{}, {sources::FileKind::jsonl, sources::FileKind::csv, sources::FileKind::tsv}},
      "factorial.file");
  const sources::Columns columns = {
      {{settings.question_key}, {settings.answers_key, sources::CellType::list}, {settings.evidence_key}}};
  sources::for_each_row(files, columns, [&](sources::Row&& row) {
    if (row.fault) return odd.count(row, files);
    PlacedQuestion question{row.cells[0].text, row.cells[2].text, row.cells[1].list};
    std::erase(question.answers, "");
    if (question.answers.empty() || trim(question.evidence).empty())
      return odd.count("no answer or no evidence", sources::where(row, files));
    if (material.questions.size() < settings.items) material.questions.push_back(std::move(question));
  });
  if (material.questions.empty()) throw odd.nothing_usable("no question in " + settings.file);
  const auto texts =
      source_files(settings.fillers, {{".txt", ".md"}, {sources::FileKind::jsonl}}, "factorial.fillers");
  sources::for_each_row(texts, {{{"text"}}}, [&](sources::Row&& row) {
    if (row.fault)
      odd.count(row, texts);
    else
      add_paragraphs(row.cells[0].text, material.pieces);
  });
  return material;
}

class Factorial {
 public:
  Factorial(const BuildInput& input, bool with_evidence)
      : settings_(input.settings.factorial),
        with_evidence_(with_evidence),
        material_(settings_.file.empty() ? from_data(input.held_out, settings_.items)
                                         : from_files(settings_, odd_)),
        pool_(std::make_shared<FillerPool>(material_.pieces, material_.questions, input.tokens,
                                           input.settings.seed)),
        made_(*pool_, material_.questions, settings_, input.settings.seed) {}

  Task build() {
    task_.decoding.max_new_tokens = settings_.max_new_tokens;
    if (with_evidence_) task_.metric = settings_.metric;
    for (const std::uint32_t tokens : settings_.lengths)
      for (std::size_t grade = 0; grade < settings_.grades.size(); ++grade)
        for (std::size_t question = 0; question < material_.questions.size(); ++question)
          add(question, tokens, grade);
    if (task_.contexts.empty() && too_long_ == 0)
      throw config_error("factorial: none of the questions has a contradicting filler",
                         "the warning above says why; add another grade to factorial.grades");
    if (task_.contexts.empty())
      throw config_error(fmt::format("factorial: no evidence and two pieces around it fit into {} tokens",
                                     std::ranges::max(settings_.lengths)),
                         "raise factorial.lengths");
    note();
    if (with_evidence_ && settings_.answers == Answers::rated) rate_answers(task_);
    return std::move(task_);
  }

 private:
  // One question at all depths between the same fillers.
  void add(std::size_t number, std::uint32_t tokens, std::size_t grade_number) {
    const Filler grade = *from_name<Filler>(settings_.grades[grade_number]);
    const PlacedQuestion& question = material_.questions[number];
    const std::uint32_t evidence = pool_->tokens_of(question.evidence);
    const std::vector<std::uint32_t>* first = made_.of(number, grade);
    if (first == nullptr) return;
    if (evidence >= tokens) return void(++too_long_);
    const auto fillers = std::make_shared<const std::vector<std::uint32_t>>(
        pool_->fillers(number, grade, tokens - evidence, *first));
    if (fillers->size() < 2) return void(++too_long_);
    std::uint64_t used = evidence;
    for (const std::uint32_t piece : *fillers) used += pool_->tokens_of(pool_->text(piece));
    if (used < tokens * 3ULL / 4) ++short_;
    const auto slots = static_cast<std::uint32_t>(fillers->size()) + 1;
    for (std::uint32_t depth = 0; depth < settings_.depths; ++depth) {
      const std::uint32_t steps = std::max(1U, settings_.depths - 1);
      const auto slot = static_cast<std::uint32_t>((2ULL * depth * (slots - 1) + steps) / (2ULL * steps));
      Item item{fmt::format("{:07}-{}{}-{:05}-{:02}", tokens, grade_number, name_of(grade), number, depth),
                question.question + (settings_.suffix.empty() ? "" : " " + settings_.suffix),
                question.answers,
                {},
                EvidenceSlot{slot, slots},
                Design{static_cast<std::uint32_t>(number), depth, settings_.depths, tokens, grade}};
      if (!with_evidence_) {
        item.answers = {"The text does not say it."};
        item.evidence.reset();  // there is none: the depth is where it would be
      }
      task_.contexts.push_back({{std::move(item)}, opener(fillers, slot, question.evidence)});
    }
  }

  std::function<Passage()> opener(std::shared_ptr<const std::vector<std::uint32_t>> fillers,
                                  std::uint32_t slot, std::string evidence) const {
    if (!with_evidence_) evidence.clear();
    return [pool = pool_, fillers = std::move(fillers), slot, evidence = std::move(evidence)] {
      Passage passage;
      for (std::uint32_t at = 0; at <= fillers->size(); ++at) {
        if (at == slot && !evidence.empty()) passage.pieces.push_back(evidence);
        if (at < fillers->size()) passage.pieces.push_back(pool->text((*fillers)[at]));
      }
      return passage;
    };
  }

  void note() {
    task_.notes["lengths"] = settings_.lengths;
    task_.notes["fillers"] = settings_.grades;
    task_.notes["questions"] = material_.questions.size();
    if (too_long_ > 0) task_.notes["left_out"]["evidence that does not fit into the context"] = too_long_;
    made_.note(task_.notes);
    if (short_ > 0) task_.notes["contexts under three quarters of their length"] = short_;
    odd_.note(task_.notes);
    if (!settings_.remark.empty()) task_.notes["remark"] = settings_.remark;
  }

  FactorialSettings settings_;
  bool with_evidence_;
  OddRows odd_{"factorial"};
  Material material_;
  std::shared_ptr<FillerPool> pool_;
  MadePieces made_;
  Task task_;
  std::uint64_t too_long_ = 0, short_ = 0;
};

}  // namespace

Task build_factorial(const BuildInput& input) { return Factorial(input, true).build(); }
Task build_unanswerable(const BuildInput& input) { return Factorial(input, false).build(); }

}  // namespace film::tasks

// The words of a report that not everyone knows.
#include <fmt/format.h>

#include <set>

#include "figures.h"
#include "summary_table.h"

namespace film::report {
namespace {

constexpr const char* kTasks[][2] = {
    {"in2", "held-out questions of your DATA, about contexts that were not trained on"},
    {"document", "the context is sentences; which of them holds these eight words?"},
    {"code", "the context is functions; what is the name of the one that holds this line?"},
    {"database", "the context is rows; what are label and description of this id?"}};

constexpr const char* kMetrics[][2] = {
    {"exact match",
     "1 if the answer equals the reference, without regard to case, punctuation and articles, else 0"},
    {"contains answer", "1 if the answer holds the reference as whole words, else 0"},
    {"word recall", "the part of the reference's words that occur in the answer"},
    {"name", "1 if the name occurs in the answer as a whole identifier, else 0"},
    {"any of", "1 if the label or the description occurs in the answer, else 0"},
    {"F1", "how far the words of answer and reference are the same, 0 to 1"},
    {"F1 in any script", "how far the words of answer and reference are the same, 0 to 1"},
    {"accuracy", "1 if the right choice has the highest log-likelihood, else 0"},
    {"accuracy per character", "1 if the right choice has the highest log-likelihood per character, else 0"}};

constexpr const char* kDirections[][2] = {
    {"forward", "the answer is behind what the question quotes"},
    {"backward", "the answer is before what the question quotes"},
    {"bi-directional", "the answer is on both sides of what the question quotes"}};

// Those of a table that are used, with how they are shown.
template <std::size_t N>
void add_known(std::vector<Term>& list, const char* const (&table)[N][2], const std::set<std::string>& used) {
  for (const auto& [word, meaning] : table)
    if (used.contains(word)) list.push_back({direction_text(word), meaning});
}

}  // namespace

std::vector<Term> terms(const std::vector<ModelScores>& models) {
  std::set<std::string> words;
  for (const ModelScores& model : models)
    for (const Score& score : model.scores) words.insert({score.task, score.metric, score.pattern});
  std::vector<Term> list;
  add_known(list, kTasks, words);
  add_known(list, kMetrics, words);
  add_known(list, kDirections, words);
  if (!has_curves(models)) return list;
  list.push_back({"evidence", "the piece of the context that the question is about"});
  list.push_back(
      {"slot, depth", "the place of the evidence in its context: counted in pieces, in percent of them"});
  return list;
}

std::string origin_text(const ModelScores& model) {
  if (!model.origin) return "";
  constexpr std::size_t kShown = 12;  // of 64: enough to tell models apart
  std::string text = model.origin->folder;
  if (model.origin->step) text += fmt::format(" · step {}", *model.origin->step);
  if (!model.origin->sha256.empty()) text += " · SHA-256 " + model.origin->sha256.substr(0, kShown);
  return text;
}

std::vector<std::string> described(const ModelScores& model) {
  std::vector<std::string> parts;
  for (const std::string& part : {model.description, origin_text(model)})
    if (!part.empty()) parts.push_back(part);
  return parts;
}

}  // namespace film::report

#include "ruler.h"

#include <algorithm>
#include <array>

#include "documents.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/strings.h"
#include "film/base/suggest.h"
#include "needles.h"
#include "variables.h"
#include "word_counts.h"

namespace film::benchmarks {
namespace {

constexpr int kNeedleTokens = 128, kVariableTokens = 30, kCommonTokens = 120, kFrequentTokens = 50,
              kAnswerTokens = 32;  // longest answers, as the benchmark has them

RulerTask needle_task(const char* name, const NeedleShape& shape) {
  const bool essays = shape.haystack == Haystack::essays;
  return {name, kNeedleTokens, essays ? std::vector{"essays"} : std::vector<const char*>{},
          [shape, essays](RulerMaterial& material) {
            return make_needles(shape, essays ? material.essays() : nullptr);
          }};
}

std::vector<RulerTask> all_tasks() {
  using enum Haystack;
  using enum Value;
  return {needle_task("niah_single_1", {.haystack = noise}),
          needle_task("niah_single_2", {.haystack = essays}),
          needle_task("niah_single_3", {.haystack = essays, .value = uuid}),
          needle_task("niah_multikey_1", {.haystack = essays, .keys = 4}),
          needle_task("niah_multikey_2", {.haystack = needles}),
          needle_task("niah_multikey_3", {.haystack = needles, .uuid_keys = true, .value = uuid}),
          needle_task("niah_multivalue", {.haystack = essays, .values = 4}),
          needle_task("niah_multiquery", {.haystack = essays, .keys = 4, .asked = 4}),
          {"vt",
           kVariableTokens,
           {},
           [](RulerMaterial& material) {
             return make_variables(
                 [&](const std::string& text) { return material.tokenizer().encode(text).size(); });
           }},
          {"cwe",
           kCommonTokens,
           {"words|essays"},
           [](RulerMaterial& material) {
             return make_common_words(material.words(), material.settings().cwe_example);
           }},
          {"fwe", kFrequentTokens, {}, [](RulerMaterial&) { return make_frequent_words(); }},
          {"qa_1",
           kAnswerTokens,
           {"squad"},
           [](RulerMaterial& material) { return make_documents(read_squad(material.settings().squad)); }},
          {"qa_2", kAnswerTokens, {"hotpotqa"}, [](RulerMaterial& material) {
             return make_documents(read_hotpotqa(material.settings().hotpotqa));
           }}};
}

bool is_named(const RulerSettings& settings, std::string_view need) {
  const auto named = [&](std::string_view key) {
    return !(key == "essays"  ? settings.essays
             : key == "words" ? settings.words
             : key == "squad" ? settings.squad
                              : settings.hotpotqa)
                .empty();
  };
  return std::ranges::any_of(split(need, "|"), named);
}

void require_files(const RulerSettings& settings, const std::vector<const RulerTask*>& chosen) {
  std::vector<std::string> lacking, possible;
  std::string wanted;
  for (const RulerTask* task : chosen) {
    const auto need = std::ranges::find_if(task->needs, [&](auto key) { return !is_named(settings, key); });
    if (need == task->needs.end()) {
      possible.emplace_back(task->name);
      continue;
    }
    lacking.emplace_back(task->name);
    const std::string key = "ruler." + std::string(split(*need, "|").back());
    if (wanted.find(key) == std::string::npos) wanted += " --set " + key + "=PATH";
  }
  if (lacking.empty()) return;
  throw config_error(
      "the texts of " + join(lacking, ", ") + " are not named",
      "add" + wanted + (possible.empty() ? "" : ", or leave them out: --task " + join(possible, " --task ")));
}

}  // namespace

std::span<const RulerTask> ruler_tasks() {
  static const std::vector<RulerTask> table = all_tasks();
  return table;
}

std::vector<const RulerTask*> chosen_tasks(const RulerSettings& settings) {
  std::vector<std::string> known;
  for (const RulerTask& task : ruler_tasks()) known.emplace_back(task.name);
  std::vector<const RulerTask*> chosen;
  for (const std::string& name : settings.tasks) {
    const auto found = std::ranges::find(known, name);
    if (found == known.end())
      throw config_error("RULER has no task \"" + name + "\"",
                         did_you_mean(nearest(name, known)) + " There are: " + join(known, ", "));
    const RulerTask* task = &ruler_tasks()[static_cast<std::size_t>(found - known.begin())];
    if (std::ranges::find(chosen, task) == chosen.end()) chosen.push_back(task);
  }
  if (chosen.empty())
    for (const RulerTask& task : ruler_tasks()) chosen.push_back(&task);
  require_files(settings, chosen);
  return chosen;
}

RulerMaterial::RulerMaterial(const RulerSettings& settings, const text::Tokenizer& tokenizer)
    : settings_(settings), tokenizer_(tokenizer) {}
RulerMaterial::~RulerMaterial() = default;

std::shared_ptr<const Essays> RulerMaterial::essays() {
  if (!essays_) essays_ = std::make_shared<const Essays>(settings_.essays);
  return essays_;
}

std::vector<std::string> RulerMaterial::words() {
  if (settings_.words.empty()) return essays()->vocabulary();
  constexpr std::size_t kLeast = 40;
  std::vector<std::string> words;
  LineReader lines(settings_.words, LineFile::user);
  for (std::string line; lines.next(line);)
    if (const std::string_view word = trim(line); !word.empty()) words.emplace_back(word);
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  if (words.size() < kLeast)
    throw bad_data(settings_.words + " holds " + std::to_string(words.size()) + " words, expected " +
                       std::to_string(kLeast) + " and more, one a line",
                   "about 9,000 are needed for 131,072 tokens");
  return words;
}

std::uint64_t prompt_tokens(const Sample& sample, const text::Tokenizer& tokenizer) {
  return tokenizer.encode(sample.input + sample.answer_prefix).size() + 1;
}

}  // namespace film::benchmarks

#include "rated_prompts.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/strings.h"

namespace film::answers {

using text::TokenIds;

namespace {

std::size_t without_white_end(const std::string& text) {
  const std::string_view kept = trim(text);
  return kept.empty() ? 0 : static_cast<std::size_t>(kept.data() + kept.size() - text.data());
}

std::size_t common(std::span<const text::TokenId> a, std::span<const text::TokenId> b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

// Choices of one token are read in one row, of which there is one in any case.
std::size_t long_choices(const RatedPrompt& prompt) {
  return static_cast<std::size_t>(
      std::ranges::count_if(prompt.continuations, [](const TokenIds& ids) { return ids.size() > 1; }));
}

// Rows that are read for a prompt behind `shared` of its ids.
std::size_t rows_behind(const RatedPrompt& prompt, std::size_t shared) {
  std::size_t rows = std::max<std::size_t>(1, long_choices(prompt)) * (prompt.ids.size() - shared);
  for (const TokenIds& ids : prompt.continuations) rows += ids.size() - 1;
  return rows;
}

// Prompts [begin, end) with `length` first ids in common.
struct Run {
  std::size_t begin, end, length;
};

// As long as hardly any of the common beginning is lost by one more prompt.
Run run_from(std::span<const RatedPrompt> prompts, std::size_t begin) {
  constexpr double kKept = 0.9;
  Run run{begin, begin + 1, prompts[begin].ids.size() - 1};
  for (; run.end < prompts.size(); ++run.end) {
    const TokenIds& next = prompts[run.end].ids;
    const std::size_t length =
        std::min(common(std::span(prompts[begin].ids).first(run.length), next), next.size() - 1);
    const bool second = run.end == begin + 1;
    if (!second && static_cast<double>(length) < kKept * static_cast<double>(run.length)) break;
    run.length = length;
  }
  return run;
}

}  // namespace

RatedPrompt rated_prompt(const Request& request, const text::Tokenizer& tokenizer) {
  const std::size_t end = without_white_end(request.question);
  const std::string prompt = request.question.substr(0, end), moved = request.question.substr(end);
  RatedPrompt rated{tokenizer.encode(prompt), {}};
  for (const std::string& choice : request.choices) {
    const TokenIds whole = tokenizer.encode(prompt + moved + choice);
    if (whole.size() <= rated.ids.size())
      throw bad_data("the choice \"" + choice + "\" adds no token to its question",
                     "give it a text, or set \"rated\": \"letter\" in the task file");
    rated.continuations.emplace_back(whole.begin() + static_cast<std::ptrdiff_t>(rated.ids.size()),
                                     whole.end());
  }
  if (request.begin || rated.ids.empty()) rated.ids.insert(rated.ids.begin(), tokenizer.bos());
  return rated;
}

std::vector<std::size_t> shared_ids(std::span<const RatedPrompt> prompts) {
  std::vector<std::size_t> shared;
  for (Run run{}; run.end < prompts.size();) {
    run = run_from(prompts, run.end);
    std::size_t together = run.length, apart = 0;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      together += rows_behind(prompts[i], run.length);
      apart += prompts[i].ids.size() - 1 + rows_behind(prompts[i], prompts[i].ids.size() - 1);
    }
    for (std::size_t i = run.begin; i < run.end; ++i)
      shared.push_back(together < apart ? run.length : prompts[i].ids.size() - 1);
  }
  return shared;
}

}  // namespace film::answers

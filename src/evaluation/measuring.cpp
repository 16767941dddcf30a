#include "measuring.h"

#include <algorithm>

#include "film/answers/local_answerer.h"

namespace film::evaluation {
namespace {

using engine::Prompt;

// Counts what it is asked.
class MeasuringModel : public engine::LanguageModel {
 public:
  explicit MeasuringModel(engine::AskingShape& shape) : shape_(shape) {}

  std::vector<engine::Completion> generate(std::span<const Prompt> prompts,
                                           const engine::Decoding& decoding) override {
    widen(shape_.questions, prompts.size());
    shape_.new_tokens = std::max<std::int64_t>(shape_.new_tokens, decoding.max_new_tokens);
    for (const Prompt& prompt : prompts) {
      widen(shape_.context, prompt.prefix.size());
      widen(shape_.question, prompt.ids.size());
    }
    return std::vector<engine::Completion>(prompts.size());
  }

  std::vector<double> log_likelihood(std::span<const Prompt> prompts,
                                     std::span<const text::TokenIds> continuations) override {
    std::size_t prefix = 0, behind = 0;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      prefix = std::max(prefix, prompts[i].prefix.size());
      behind += prompts[i].ids.size() + continuations[i].size();
    }
    widen(shape_.rated, prefix + std::min(behind, std::max<std::size_t>(engine::kReadRows, prefix)));
    return std::vector<double>(prompts.size());
  }

  std::int64_t max_tokens() const override { return INT64_MAX; }
  std::string describe() const override { return "counts"; }

 private:
  static void widen(std::int64_t& most, std::size_t n) {
    most = std::max(most, static_cast<std::int64_t>(n));
  }

  engine::AskingShape& shape_;
};

}  // namespace

engine::AskingShape measured(const std::vector<tasks::Task>& tasks, const RunOptions& options,
                             const text::Tokenizer& tokenizer, const text::PromptTemplate& form) {
  engine::AskingShape shape;
  answers::LocalAnswerer counts(std::make_unique<MeasuringModel>(shape), tokenizer, form);
  for (const tasks::Task& task : tasks) {
    std::uint64_t number = 0;
    const std::uint64_t limit = options.limit == 0 ? UINT64_MAX : options.limit;
    for (const tasks::ContextItems& context : task.contexts) {
      if (number >= limit) break;
      const auto shared = context.open ? opened(context, options) : nullptr;
      std::vector<answers::Request> call;
      const auto ask = [&] {
        counts.answer(call, task.decoding);
        call.clear();
      };
      for (const tasks::Item& item : context.items) {
        if (number >= limit) break;
        call.push_back(request_of(task, item, shared, number++));
        if (call.size() == options.questions_per_call) ask();
      }
      if (!call.empty()) ask();
    }
  }
  return shape;
}

}  // namespace film::evaluation

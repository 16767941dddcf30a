#include "endpoint_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "endpoint_answer.h"
#include "endpoint_filters.h"
#include "endpoint_plan.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/progress.h"
#include "film/base/random.h"
#include "film/base/signals.h"
#include "film/endpoint/client.h"

namespace film::questions {
namespace {

constexpr const char* kFewPieces = "too_few_pieces";

// Positions to ask about, each on its own; of integration all together, in the document's order.
std::vector<std::vector<std::uint32_t>> units(const Context& context, const QaSettings& settings) {
  std::vector<std::uint32_t> positions = context.evidence;
  if (context.kind == ContextKind::integration) {
    std::ranges::sort(positions, {}, [&](std::uint32_t p) { return context.segments[p]; });
    return {positions};
  }
  if (settings.per_context > 0 && positions.size() > settings.per_context) {
    Random random(settings.seed, "questions.positions", context.id);
    random.shuffle(positions);
    positions.resize(settings.per_context);
    std::ranges::sort(positions);
  }
  std::vector<std::vector<std::uint32_t>> each;
  for (const std::uint32_t position : positions) each.push_back({position});
  return each;
}

class Session {
 public:
  Session(const QaSource& source, const QaSettings& settings, const Prompts& prompts, const fs::path& out,
          std::uint64_t contexts)
      : source_(source),
        settings_(settings),
        prompts_(prompts),
        client_(settings.endpoint, out / "journal.jsonl"),
        plan_(settings.spares) {
    for (std::uint64_t i = 0; i < contexts; ++i) plan_.add(source.context(i));
  }

  void ask_all() {
    info("asking " + client_.describe());
    const endpoint::EndpointReport report =
        client_.run([&] { return next(); }, [&](endpoint::ChatResult r) { take(std::move(r)); },
                    {"questions", requests_expected(), {}});
    info("endpoint: " + to_line(to_json(report)));
    if (const std::string shortage = plan_.shortage(); !shortage.empty())
      warn("no spare contexts are left: " + shortage + "; make more contexts, or raise spares");
  }

  // The same judgement again, from the journal, in the order of the contexts.
  Json write(std::uint64_t contexts, QaFiles& files, QaTally& tally) {
    Progress progress("writing", contexts, "contexts");
    for (std::uint64_t i = 0; i < contexts; ++i) {
      progress.advance();
      if (!plan_.asked(i)) continue;
      throw_if_stopped("all answers are in the journal");
      Asked asked{source_.context(i), {}};
      for (const Ask& ask : asks(asked.context)) judge(ask, known(ask), &asked.written);
      tally.count(asked.context, asked.written);
      files.write(std::move(asked));
    }
    progress.finish();
    return facts();
  }

 private:
  struct Open {
    std::size_t requests = 0;
    bool kept = false;
  };

  // requests made of a context, at least those of contexts wanted: for the progress line only
  std::uint64_t requests_expected() const {
    return plan_.wanted() * std::max<std::uint64_t>(1, settings_.per_context);
  }

  std::vector<Ask> asks(const Context& context) const {
    std::vector<Ask> all;
    for (auto& positions : units(context, settings_)) {
      std::vector<std::string> texts = source_.texts(context, positions);
      all.push_back({context.id, context.kind, std::move(positions), std::move(texts)});
    }
    return all;
  }

  static bool can_ask(const Ask& ask) {
    return ask.kind != ContextKind::integration || ask.positions.size() >= 2;
  }

  std::optional<endpoint::ChatRequest> next() {
    while (waiting_.empty()) {
      const std::optional<std::uint64_t> context = plan_.next();
      if (!context) return {};
      open(source_.context(*context));
    }
    Ask ask = std::move(waiting_.front());
    waiting_.pop_front();
    endpoint::ChatRequest request = prompts_.request(ask);
    in_flight_.emplace(request.id, std::move(ask));
    return request;
  }

  void open(const Context& context) {
    std::size_t requests = 0;
    for (Ask& ask : asks(context)) {
      if (!can_ask(ask)) continue;
      waiting_.push_back(std::move(ask));
      ++requests;
    }
    if (requests > 0)
      open_[context.id] = {requests, false};
    else
      plan_.done(context.id, false);
  }

  void take(endpoint::ChatResult result) {
    const auto found = in_flight_.find(result.id);
    const Ask ask = std::move(found->second);
    in_flight_.erase(found);
    const bool kept = judge(ask, result, nullptr);
    if (result.outcome != endpoint::ChatOutcome::ok) unanswered_[result.id] = result.reason;
    Open& context = open_.at(ask.context);
    context.kept = context.kept || kept;
    if (--context.requests > 0) return;
    plan_.done(ask.context, context.kept);
    open_.erase(ask.context);
  }

  endpoint::ChatResult known(const Ask& ask) {
    if (!can_ask(ask)) return {};
    const endpoint::ChatRequest request = prompts_.request(ask);
    if (std::optional<endpoint::ChatResult> result = client_.lookup(request)) return std::move(*result);
    endpoint::ChatResult result;  // nothing was paid for it
    result.outcome = endpoint::ChatOutcome::rejected;
    result.reason = unanswered_.at(request.id);
    return result;
  }

  // True when the question is kept; added to `written` unless null.
  bool judge(const Ask& ask, const endpoint::ChatResult& result, WrittenQuestions* written) {
    const std::string type = to_text(ask.kind);
    std::vector<std::uint32_t> evidence = ask.positions;
    ParsedAnswer parsed;
    std::string problem = kFewPieces;
    if (can_ask(ask)) {
      problem = name_of(result.reason);
      if (result.outcome == endpoint::ChatOutcome::ok) {
        parsed = parse_answer(result.text);
        const char* found = problem_of(parsed, ask, settings_.filters, prompts_.banned());
        problem = found == nullptr ? "" : found;
      }
    }
    if (problem.empty() && ask.kind == ContextKind::integration) {
      evidence.clear();
      for (const std::uint32_t piece : parsed.pieces) evidence.push_back(ask.positions.at(piece - 1));
    }
    std::ranges::sort(evidence);
    if (written == nullptr) return problem.empty();
    if (!problem.empty()) {
      // An answer that could not be read is kept as it came, for whoever mends the prompt.
      if (parsed.question.empty() && parsed.answer.empty()) parsed.answer = result.text;
      written->rejected.push_back({evidence, type, problem, parsed.question, parsed.answer});
      return false;
    }
    count_usage(result);
    Json labels = {{"type", type},
                   {"extractive", false},
                   {"generator", "endpoint"},
                   {"model", result.model.empty() ? settings_.endpoint.model : result.model},
                   {"prompt", prompts_.version(ask.kind)}};
    written->kept.push_back(
        {std::move(parsed.question), std::move(parsed.answer), evidence, std::move(labels)});
    return true;
  }

  void count_usage(const endpoint::ChatResult& result) {
    prompt_tokens_ += result.usage.prompt;
    completion_tokens_ += result.usage.completion;
  }

  Json facts() const {
    return {{"endpoint",
             {{"model", settings_.endpoint.model},
              {"service", settings_.endpoint.service_text()},
              {"prompt_tokens", prompt_tokens_},
              {"completion_tokens", completion_tokens_}}},
            {"prompts", prompts_.hashes()},
            {"groups", plan_.facts()}};
  }

  const QaSource& source_;
  const QaSettings& settings_;
  const Prompts& prompts_;
  endpoint::EndpointClient client_;
  SparePlan plan_;
  std::deque<Ask> waiting_;                                 // of the context opened last
  std::map<std::string, Ask> in_flight_;                    // by request id
  std::map<std::uint64_t, Open> open_;                      // contexts with requests outstanding
  std::map<std::string, endpoint::Reason> unanswered_;      // by request id
  std::int64_t prompt_tokens_ = 0, completion_tokens_ = 0;  // of kept questions
};

}  // namespace

Json write_endpoint_questions(const QaSource& source, const QaSettings& settings, const Prompts& prompts,
                              const fs::path& out, std::uint64_t contexts, QaFiles& files, QaTally& tally) {
  Session session(source, settings, prompts, out, contexts);
  session.ask_all();
  return session.write(contexts, files, tally);
}

}  // namespace film::questions

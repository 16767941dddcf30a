#include "generator.h"

#include "asking.h"
#include "film/base/progress.h"
#include "film/base/signals.h"

namespace film::questions {
namespace {

// The second pass: the same judgement again, from the journal, in the order of the contexts.
class JournalWriter {
 public:
  JournalWriter(const Source& source, const QaSettings& settings, const Prompts& prompts,
                const Asking& asking)
      : source_(source), settings_(settings), prompts_(prompts), asking_(asking) {
    facts_.model = settings.endpoint.server.model;
    facts_.service = settings.endpoint.server.service_text();
  }

  void write(QuestionFiles& out) {
    Progress progress("writing", source_.contexts, "contexts");
    for (std::uint64_t id = 0; id < source_.contexts; ++id) {
      progress.advance();
      if (!asking_.plan().asked(id)) continue;
      throw_if_stopped("all answers are in the journal");
      const Context& context = source_.data.context(id);
      WrittenQuestions written;
      for (const Ask& ask : asks_about(context, source_, settings_)) add(ask, written);
      out.write(context, std::move(written));
    }
    progress.finish();
  }

  const QaEndpointFacts& facts() const { return facts_; }

 private:
  void add(const Ask& ask, WrittenQuestions& written) {
    const endpoint::ChatResult result = asking_.result_of(ask);
    Judged judged = judge(ask, result, asking_.rules());
    if (judged.reject_reason) {
      written.rejected.push_back({std::move(judged.evidence), name_of(ask.kind), *judged.reject_reason,
                                  std::move(judged.question), std::move(judged.answer)});
      return;
    }
    facts_.prompt_tokens += result.usage.prompt;
    facts_.completion_tokens += result.usage.completion;
    written.kept.push_back({std::move(judged.question), std::move(judged.answer), std::move(judged.evidence),
                            labels(ask, result)});
  }

  Json labels(const Ask& ask, const endpoint::ChatResult& result) const {
    return {{"type", name_of(ask.kind)},
            {"extractive", false},
            {"generator", "endpoint"},
            {"model", result.model.empty() ? settings_.endpoint.server.model : result.model},
            {"prompt", prompts_.version(ask.kind)}};
  }

  const Source& source_;
  const QaSettings& settings_;
  const Prompts& prompts_;
  const Asking& asking_;
  QaEndpointFacts facts_;
};

}  // namespace

Json EndpointGenerator::identity() const { return {{"prompts", to_json(prompts_.versions())}}; }

void EndpointGenerator::write(const Source& source, QuestionFiles& out, QaFacts& facts) {
  endpoint::EndpointClient client(settings_.endpoint.server, out.folder() / "journal.jsonl");
  Asking asking(source, settings_, prompts_, client);
  asking.run();
  JournalWriter writer(source, settings_, prompts_, asking);
  writer.write(out);
  facts.endpoint = writer.facts();
  facts.prompts = prompts_.versions();
  facts.groups = asking.plan().groups();
}

std::string EndpointGenerator::advice(const Tally& tally) const {
  if (tally.rejected_for(RejectReason::thinking) || tally.rejected_for(RejectReason::length))
    return "raise endpoint.max_tokens, or switch the model's reasoning off (endpoint.extra_body)";
  return "see rejected.jsonl; fix the prompts or relax the filters (endpoint.prompts, endpoint.filters)";
}

}  // namespace film::questions

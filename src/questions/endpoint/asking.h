#pragma once
// Asks a model until every split and kind of context has its number of questions, and writes them. Replies come in any
// order and go into the journal; each is judged as it comes.
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "../tally.h"
#include "film/base/error.h"
#include "film/endpoint/client.h"
#include "judge.h"
#include "ordered_writer.h"
#include "prompts.h"
#include "spare_plan.h"

namespace film::questions {

class Asking {
 public:
  // Keeps references to all of them.
  Asking(const Source& source, const QaSettings& settings, const Prompts& prompts,
         endpoint::EndpointClient& client, QuestionFiles& out);

  // Throws as EndpointClient::run does, and bad_data when none of the first answers is kept.
  void run();

  const SparePlan& plan() const { return plan_; }
  const QaEndpointFacts& facts() const { return facts_; }

 private:
  struct Answered {
    Judged judged;
    endpoint::ChatOutcome outcome = endpoint::ChatOutcome::failed;
    std::string model;  // that answered
    endpoint::Usage usage;
  };
  struct Open {
    std::vector<Ask> asks;
    std::vector<Answered> answers;     // parallel to asks
    std::vector<std::size_t> missing;  // of the asks: without an answer yet
    std::size_t requests = 0;          // outstanding
  };
  // Which of a context's asks a request is for.
  struct Place {
    std::uint64_t context = 0;
    std::size_t ask = 0;
  };

  void replay();
  void finish_run(endpoint::EndpointReport report);
  std::optional<endpoint::ChatRequest> next();
  Open unanswered(const Context& context) const;
  Open looked_up(const Context& context) const;
  Answered answered(const Ask& ask, const endpoint::ChatResult& result) const;
  void open(std::uint64_t context, Open opened);
  void take(const endpoint::ChatResult& result);
  void close(std::uint64_t context);
  WrittenQuestions written(Open context) const;
  WrittenQuestions from_journal(const Context& context) const;
  endpoint::ChatResult result_of(const Ask& ask) const;
  JudgeRules rules() const { return {settings_.endpoint.filters, prompts_.banned()}; }
  Json labels(const Ask& ask, const std::string& model) const;
  void note(const Answered& answered);
  bool all_are_rejected() const;
  Error nothing_is_kept() const;

  const Source& source_;
  const QaSettings& settings_;
  const Prompts& prompts_;
  endpoint::EndpointClient& client_;
  SparePlan plan_;
  OrderedWriter writer_;
  QaEndpointFacts facts_;
  std::deque<Place> waiting_;                                     // of open contexts, not sent yet
  std::unordered_map<std::string, Place> in_flight_;              // by request id
  std::unordered_map<std::uint64_t, Open> open_;                  // contexts with requests outstanding
  std::unordered_map<std::string, endpoint::Reason> unanswered_;  // by request id
  std::uint64_t replayed_ok_ = 0, replayed_rejected_ = 0;         // results that the journal had
  std::uint64_t kept_ = 0, rejected_count_ = 0;                   // answers
  Tally rejected_;
};

}  // namespace film::questions

#pragma once
// The first pass: asks a model until every split and kind of context has its number of questions. Replies
// come in any order and go into the journal; the second pass (generator.cpp) reads them from there in the order
// of the contexts.
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "../tally.h"
#include "film/base/error.h"
#include "film/endpoint/client.h"
#include "judge.h"
#include "prompts.h"
#include "spare_plan.h"

namespace film::questions {

class Asking {
 public:
  // Keeps references to all of them.
  Asking(const Source& source, const QaSettings& settings, const Prompts& prompts,
         endpoint::EndpointClient& client);

  // Throws as EndpointClient::run does, and bad_data when none of the first answers is kept.
  void run();

  const SparePlan& plan() const { return plan_; }
  JudgeRules rules() const { return {settings_.endpoint.filters, prompts_.banned()}; }
  // After run(): what became of a request, from the journal, or the reason why there is nothing in it.
  endpoint::ChatResult result_of(const Ask& ask) const;

 private:
  struct Open {
    std::size_t requests = 0;  // outstanding
    bool kept = false;         // at least one question
  };
  std::optional<endpoint::ChatRequest> next();
  void open(const Context& context);
  void take(const endpoint::ChatResult& result);
  void note_rejected(RejectReason reason);
  bool all_are_rejected() const;
  Error nothing_is_kept() const;

  const Source& source_;
  const QaSettings& settings_;
  const Prompts& prompts_;
  endpoint::EndpointClient& client_;
  SparePlan plan_;
  std::deque<Ask> waiting_;                             // of the context opened last
  std::map<std::string, Ask> in_flight_;                // by request id
  std::map<std::uint64_t, Open> open_;                  // contexts with requests outstanding
  std::map<std::string, endpoint::Reason> unanswered_;  // by request id
  std::uint64_t kept_ = 0, rejected_count_ = 0;         // answers
  Tally rejected_;
};

}  // namespace film::questions

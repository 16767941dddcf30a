#pragma once
// What a model would be asked by `film qa`, before anything is sent: requests, tokens, money.
#include <cstdint>
#include <string>
#include <vector>

#include "film/folders/data_folder.h"
#include "film/questions/settings.h"

namespace film::questions {

struct AskingCost {
  struct Kind {
    std::string name;
    std::uint64_t contexts = 0, requests = 0;
    std::uint64_t prompt_tokens = 0;  // the mean of up to 200 requests, drawn evenly, times requests
  };
  std::vector<Kind> kinds;             // of contexts; those that are asked about
  double spares = 0;                   // this share of the contexts is only asked about in place of others
  std::uint64_t longest_answer = 0;    // tokens: the setting endpoint.max_tokens
  double price_in = 0, price_out = 0;  // per million tokens; 0: not given
  double minutes = 0;                  // at least, by the limits of requests and tokens; 0: no limit given

  std::uint64_t requests() const;
  std::uint64_t prompt_tokens() const;
  std::uint64_t most_answer_tokens() const { return requests() * longest_answer; }
  double cost_of_prompts() const;  // in the unit of the prices
  double most_cost() const;        // with answers of the greatest length
};

// Of the first `limit` contexts (0 = all). Tokens are those of DATA's tokenizer: other models count otherwise, by a tenth or
// two. Throws config_error: nothing is asked with this generator; no_input for a prompt file.
AskingCost asking_cost(const folders::DataFolder& data, const QaSettings& settings, std::uint64_t limit);

std::string asking_cost_text(const AskingCost& cost);  // for a terminal
Json asking_cost_json(const AskingCost& cost);

}  // namespace film::questions

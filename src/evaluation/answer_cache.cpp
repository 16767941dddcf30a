#include "answer_cache.h"

#include "film/base/lines.h"

namespace film::evaluation {

using answers::Answer;
using answers::Request;

namespace {

constexpr const char* kFile = "answers.jsonl";

fs::path made_cache(const fs::path& folder) {
  make_folder(folder);
  return folder;
}

Answer answer_of(const Json& record, const std::string& where) {
  return {.text = member<std::string>(record, "text", where),
          .state = member<AnswerState>(record, "state", where),
          .detail = {},
          .log_likelihoods = member<std::vector<double>>(record, "log_likelihoods", where)};
}

}  // namespace

std::string answer_key(const Request& request, const answers::Decoding& decoding) {
  Json key = {{"form", static_cast<int>(request.form)},
              {"question", request.question},
              {"begin", request.begin},
              {"answer_start", request.answer_start},
              {"choices", request.choices},
              {"max_new_tokens", decoding.max_new_tokens},
              {"stop", decoding.stop}};
  if (request.context && request.context->ids.empty()) key["context"] = request.context->text;
  if (request.context && !request.context->ids.empty()) key["context_ids"] = request.context->ids;
  if (const auto& drawn = decoding.sampling; drawn && drawn->temperature > 0)
    key["sampling"] = {drawn->temperature, drawn->top_p, drawn->seed, request.item};
  return sha256(to_line(key));
}

CachedAnswerer::CachedAnswerer(std::unique_ptr<answers::Answerer> model, const fs::path& folder)
    : model_(std::move(model)), lock_(made_cache(folder)), journal_(folder / kFile) {
  if (fs::exists(folder / kFile))
    for_each_record(folder / kFile, [&](const Json& record, const std::string& where) {
      known_.insert_or_assign(member<std::string>(record, "key", where), answer_of(record, where));
    });
}

std::vector<Answer> CachedAnswerer::answer(std::span<const Request> requests,
                                           const answers::Decoding& decoding) {
  std::vector<std::string> keys;
  std::vector<Request> unknown;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    keys.push_back(answer_key(requests[i], decoding));
    if (known_.contains(keys.back())) continue;
    unknown.push_back(requests[i]);
    places.push_back(i);
  }
  const std::vector<Answer> new_ones =
      unknown.empty() ? std::vector<Answer>{} : model_->answer(unknown, decoding);
  for (std::size_t n = 0; n < new_ones.size(); ++n) keep(keys[places[n]], new_ones[n]);
  journal_.sync();
  std::vector<Answer> answers;
  for (const std::string& key : keys) answers.push_back(known_.at(key));
  return answers;
}

void CachedAnswerer::keep(const std::string& key, const Answer& answer) {
  known_.insert_or_assign(key, answer);
  journal_.append({{"key", key},
                   {"text", answer.text},
                   {"state", name_of(answer.state)},
                   {"log_likelihoods", answer.log_likelihoods}});
}

}  // namespace film::evaluation

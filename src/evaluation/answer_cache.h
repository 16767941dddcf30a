#pragma once
// Answers of a model that runs here, kept from one evaluation to the next (setting `cache`).
#include <map>
#include <memory>

#include "film/answers/answerer.h"
#include "film/base/files.h"
#include "film/base/journal.h"

namespace film::evaluation {

// What an answer depends on besides the model, the tokenizer and the way it computes: hashed.
std::string answer_key(const answers::Request& request, const answers::Decoding& decoding);

class CachedAnswerer : public answers::Answerer {
 public:
  // `folder`: of one model, asked in one way; made where it is not there, and used by one process at a time
  // (cannot_create). Throws bad_data for a damaged file.
  CachedAnswerer(std::unique_ptr<answers::Answerer> model, const fs::path& folder);

  // Asks the model what is not there yet, in the order of the requests.
  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding& decoding) override;
  std::string describe() const override { return model_->describe(); }

 private:
  void keep(const std::string& key, const answers::Answer& answer);

  std::unique_ptr<answers::Answerer> model_;
  FolderLock lock_;
  Journal journal_;
  std::map<std::string, answers::Answer> known_;
};

}  // namespace film::evaluation

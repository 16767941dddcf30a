#pragma once
// Answers by a function instead of a model: for tests, and for trying a task without one.
#include <functional>
#include <utility>

#include "film/answers/answerer.h"

namespace film::answers {

class ScriptedAnswerer : public Answerer {
 public:
  using Script = std::function<Answer(const Request&, const Decoding&)>;
  explicit ScriptedAnswerer(Script script, std::string description = "scripted")
      : script_(std::move(script)), description_(std::move(description)) {}

  std::vector<Answer> answer(std::span<const Request> requests, const Decoding& decoding) override {
    std::vector<Answer> answers;
    for (const Request& request : requests) answers.push_back(script_(request, decoding));
    return answers;
  }
  std::string describe() const override { return description_; }

 private:
  Script script_;
  std::string description_;
};

}  // namespace film::answers

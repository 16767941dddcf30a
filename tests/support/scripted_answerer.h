#pragma once
// Answers by a function instead of a model.
#include <functional>
#include <utility>

#include "film/answers/answerer.h"

namespace film::support {

class ScriptedAnswerer : public answers::Answerer {
 public:
  using Script = std::function<answers::Answer(const answers::Request&, const answers::Decoding&)>;
  explicit ScriptedAnswerer(Script script, std::string description = "scripted")
      : script_(std::move(script)), description_(std::move(description)) {}

  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding& decoding) override {
    std::vector<answers::Answer> given;
    for (const answers::Request& request : requests) given.push_back(script_(request, decoding));
    return given;
  }
  std::string describe() const override { return description_; }

 private:
  Script script_;
  std::string description_;
};

}  // namespace film::support

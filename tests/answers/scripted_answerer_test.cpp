#include "../support/scripted_answerer.h"

#include <gtest/gtest.h>

namespace film::answers {
namespace {

TEST(ScriptedAnswerer, AnswersByItsScript) {
  support::ScriptedAnswerer model([](const Request& request, const Decoding& decoding) {
    return Answer{.text = request.question + "!",
                  .state = decoding.max_new_tokens < 8 ? AnswerState::cut : AnswerState::given};
  });
  const std::vector<Request> asked = {{.question = "a"}, {.question = "b"}};
  const auto answers = model.answer(asked, {.max_new_tokens = 4});
  EXPECT_EQ(answers[1].text, "b!");
  EXPECT_EQ(name_of(answers[1].state), "cut");
  EXPECT_EQ(model.describe(), "scripted");
}

}  // namespace
}  // namespace film::answers

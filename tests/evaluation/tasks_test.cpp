// The tasks that come with film, from their files to scores, asked of models that answer in a known way.
#include <gtest/gtest.h>

#include "../support/probe_material.h"
#include "../support/scripted_answerer.h"
#include "../support/temp_folder.h"
#include "evaluation/predictions.h"
#include "film/scores/metrics.h"
#include "film/scores/summary.h"

namespace film::evaluation {
namespace {

class TasksTest : public ::testing::Test {
 protected:
  void SetUp() override { options_.folder = temp_.path(); }

  tasks::Task build(const std::string& name) const {
    return tasks::build_task(name, tasks::Catalog({}), {.settings = settings_, .tokenizer = tokenizer_});
  }
  Score score(const tasks::Task& task, support::ScriptedAnswerer::Script script) {
    support::ScriptedAnswerer model(std::move(script));
    options_.label = "m" + std::to_string(++models_);
    return scores::summarise(task, run_task(task, model, options_), scores::Settings());
  }

  tasks::Settings settings_;
  text::Tokenizer tokenizer_ = text::Tokenizer::load(fs::path(FILM_TEST_DATA) / "tokenizer/small.model");
  support::TempFolder temp_;
  RunOptions options_;
  int models_ = 0;
};

answers::Answer saying(std::string text) {
  answers::Answer answer;
  answer.text = std::move(text);
  return answer;
}

// The last line of a passage-wise prompt is its question; the reader answers questions about rivers and years.
std::string river_of(const std::string& prompt) {
  const std::string person = [&] {
    const std::size_t end = prompt.rfind(" was born?"), begin = prompt.rfind("lie where ", end);
    return begin == std::string::npos ? std::string() : prompt.substr(begin + 10, end - begin - 10);
  }();
  if (person.empty()) return "I do not know";
  const auto behind = [&](const std::string& words) {
    const std::size_t begin = prompt.find(words);
    return begin == std::string::npos ? std::string() : prompt.substr(begin + words.size(), 20);
  };
  const std::string town = behind(person + " was born in ");
  const std::string name = town.substr(0, town.find(' '));
  const std::string river = behind(name + " lies on the river ");
  return "The " + river.substr(0, river.find(','));
}

TEST_F(TasksTest, MultiHopByAReaderOfRivers) {
  const tasks::Task task = build("multi_hop");
  const Score all = score(task, [&](const answers::Request& request, const answers::Decoding& decoding) {
    EXPECT_EQ(request.context, nullptr);
    EXPECT_EQ(decoding.max_new_tokens, 32);
    return saying(river_of(request.question));
  });
  EXPECT_EQ(all.count, 20u);
  EXPECT_DOUBLE_EQ(all.average, 25) << "a quarter of the questions is about rivers";
  EXPECT_FALSE(all.curve);
  EXPECT_EQ(all.metric, "F1");
  EXPECT_EQ(all.notes["interval"], "bootstrap");
  EXPECT_EQ(all.notes["group"], "examples");
}

TEST_F(TasksTest, ReadingChoicesByGuessingAndByReading) {
  const tasks::Task task = build("reading_choices");
  const Score first = score(task, [](const answers::Request& request, const answers::Decoding&) {
    EXPECT_EQ(request.form, answers::Form::text);
    answers::Answer answer;
    for (std::size_t c = 0; c < request.choices.size(); ++c)
      answer.log_likelihoods.push_back(-static_cast<double>(c));
    return answer;
  });
  EXPECT_EQ(first.count, 16u);
  EXPECT_LT(first.average, 50) << "the first choice is not the right one";
  // A choice is as likely as how late it is found in the text: good for some kinds of questions.
  const Score reader = score(task, [](const answers::Request& request, const answers::Decoding&) {
    answers::Answer answer;
    const std::string text = request.question.substr(request.question.rfind("\n\n"));
    for (const std::string& choice : request.choices) {
      const std::size_t at = text.find(choice.substr(1));
      answer.log_likelihoods.push_back(at == std::string::npos ? -1e6 : static_cast<double>(at));
    }
    return answer;
  });
  EXPECT_GT(reader.average, first.average);
  EXPECT_EQ(reader.notes["interval"], "Wilson");
  EXPECT_EQ(reader.notes["shots"], 2);
}

// What a probe quotes as evidence has the full score by its own metric.
class ProbesTest : public tasks::testing::ProbeMaterial {};

TEST_F(ProbesTest, TheEvidenceItselfScoresFull) {
  for (const std::string name : {"document", "code", "database"}) {
    const tasks::Task task = build(name);
    const scores::Metric& metric = scores::metric_of(task);
    for (const tasks::ContextItems& context : task.contexts) {
      const tasks::Passage passage = context.open();
      for (const tasks::Item& item : context.items)
        EXPECT_EQ(metric.score(passage.pieces[item.evidence->slot], item.answers), 1)
            << name << ' ' << item.id;
    }
  }
}

}  // namespace
}  // namespace film::evaluation

// The shape of an example equals that of its ids, which it does not read.
#include "film/batches/encode.h"

#include <gtest/gtest.h>

#include "../corpus/support.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/output_folder.h"
#include "film/contexts/synth.h"

namespace film::batches {
namespace {

using testing_corpus::random_text;
using testing_corpus::TempFolder;

// A DATA folder of contexts over random documents.
contexts::DataFolder make_contexts(const TempFolder& folder) {
  std::string lines;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Random random(i, "corpus");
    lines += to_line(Json{{"text", random_text(random, 5 + random.below(40))}}) + "\n";
  }
  contexts::SynthSettings settings;
  settings.corpus.inputs.paths = {folder.put("corpus.jsonl", lines).string()};
  settings.tokenizer = testing_corpus::small_model().string();
  settings.threads = 1;
  settings.corpus.segment.tokens = 64;
  settings.corpus.split = {1, 0, 0};
  settings.contexts.train = 40;
  settings.contexts.validation = settings.contexts.test = 0;
  settings.contexts.target = {100, 1600};
  settings.contexts.document_max = 1000;
  Fields fields;
  settings.describe(fields);
  synth(settings, {folder / "data", "synth", fields}, 0);
  return contexts::DataFolder(folder / "data");
}

TEST(ExampleShape, EqualsTheShapeOfTheEncodedExample) {
  const TempFolder folder;
  const contexts::DataFolder data = make_contexts(folder);
  const text::Tokenizer tokenizer = text::Tokenizer::load(testing_corpus::small_model());
  Random random(5, "questions");
  for (const text::PromptStyle style : {text::PromptStyle::film, text::PromptStyle::plain})
    for (std::uint64_t e = 0; e < 100; ++e) {
      Example example{e, random.below(data.contexts().size()), "fine_grained", "train", {}};
      for (std::uint64_t k = random.below(5); k > 0; --k)
        example.questions.push_back({random_text(random, random.below(20)),
                                     random_text(random, random.below(20)),
                                     {0},
                                     Json::object()});
      const text::PromptTemplate& form = text::prompt_template(style);
      EXPECT_EQ(example_shape(example, data, tokenizer, form),
                encode_example(example, data, tokenizer, form).shape());
    }
}

TEST(ExampleShape, UnknownContextIsRefused) {
  const TempFolder folder;
  const contexts::DataFolder data = make_contexts(folder);
  const Example example{0, data.contexts().size(), "fine_grained", "train", {}};
  EXPECT_THROW(example_shape(example, data, text::Tokenizer::load(testing_corpus::small_model()),
                             text::prompt_template(text::PromptStyle::film)),
               Error);
}

TEST(ExampleShape, TheLastAnswerTokenTakesNoRow) {
  EXPECT_EQ((ExampleShape{10, {{3, 1}, {2, 4}}}.rows()), 10 + 3 + 5);
  const EncodedExample example{{1, 2}, {{{3}, {4, 5}}}};
  EXPECT_EQ(example.shape(), (ExampleShape{2, {{1, 2}}}));
}

}  // namespace
}  // namespace film::batches

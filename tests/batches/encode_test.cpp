// The shape of an example equals that of its ids, which it does not read.
#include "film/batches/encode.h"

#include <gtest/gtest.h>

#include "../support/corpus.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/output_folder.h"
#include "film/contexts/synth.h"

namespace film::batches {
namespace {

using support::random_text;
using support::TempFolder;

// A DATA folder of contexts over random documents.
folders::DataFolder make_contexts(const TempFolder& folder) {
  std::string lines;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Random random(i, "corpus");
    lines += to_line(Json{{"text", random_text(random, 5 + random.below(40))}}) + "\n";
  }
  contexts::SynthSettings settings;
  settings.corpus.inputs = {folder.put("corpus.jsonl", lines).string()};
  settings.tokenizer = support::small_model().string();
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
  return folders::DataFolder(folder / "data");
}

TEST(Encoder, KnowsTheLengthOfAContextThatItHasNotRead) {
  const TempFolder folder;
  const folders::DataFolder data = make_contexts(folder);
  const text::Tokenizer tokenizer = text::Tokenizer::load(support::small_model());
  Random random(5, "questions");
  const auto part = [](std::uint64_t e) {
    return e % 3 == 0 ? engine::ContextPart::evidence : engine::ContextPart::whole;
  };
  for (const text::PromptStyle style : {text::PromptStyle::film, text::PromptStyle::plain}) {
    const text::PromptTemplate& form = text::prompt_template(style);
    const Encoder encoder(tokenizer, form);
    for (std::uint64_t e = 0; e < 100; ++e) {
      Example example{e, random.below(data.contexts().size()), "fine_grained", Split::train, {}};
      for (std::uint64_t k = random.below(5); k > 0; --k)
        example.questions.push_back({random_text(random, random.below(20)),
                                     random_text(random, random.below(20)),
                                     {0},
                                     Json::object()});
      const Context context = context_of(example.context, data, part(e));
      const EncodedExample encoded{encoder.context(context, data), encoder.pairs(example)};
      EXPECT_EQ(encoder.context_length(context), static_cast<std::int64_t>(encoded.context.size()));
      EXPECT_EQ(encoded.pairs.size(), example.questions.size());
      for (std::size_t q = 0; q < encoded.pairs.size(); ++q)
        EXPECT_EQ(encoded.pairs[q].question, encode_question(form, tokenizer, example.questions[q].question));
    }
  }
}

TEST(Encoder, UnknownContextIsRefused) {
  const TempFolder folder;
  const folders::DataFolder data = make_contexts(folder);
  EXPECT_THROW(context_of(data.contexts().size(), data, engine::ContextPart::whole), Error);
}

TEST(ExampleShape, TheLastAnswerTokenTakesNoRow) {
  EXPECT_EQ((ExampleShape{10, {{3, 1}, {2, 4}}}.rows()), 10 + 3 + 5);
  const EncodedExample example{{1, 2}, {{{3}, {4, 5}}}};
  EXPECT_EQ(example.shape(), (ExampleShape{2, {{1, 2}}}));
}

}  // namespace
}  // namespace film::batches

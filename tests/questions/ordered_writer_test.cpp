// Whatever order answers come in, and however few are held meanwhile, the files are those of the order of the contexts.
#include "questions/endpoint/ordered_writer.h"

#include <gtest/gtest.h>

#include <numeric>

#include "../support/small_data.h"
#include "../support/temp_folder.h"
#include "film/base/random.h"

namespace film::questions {
namespace {

constexpr std::uint64_t kContexts = 60;

folders::DataFolder write_data(const fs::path& folder) {
  support::SmallData data;
  for (std::uint32_t id = 0; id < kContexts; ++id) {
    data.texts.push_back("Text " + std::to_string(id) + ".");
    Context context;
    context.split = id % 4 == 0 ? Split::test : Split::train;
    context.segments = {id};
    context.evidence = {0};
    data.contexts.push_back(context);
  }
  return support::write_small_data(folder, data);
}

bool is_kept(std::uint64_t context) { return context % 7 != 3; }

WrittenQuestions questions_on(std::uint64_t context) {
  const std::string number = std::to_string(context);
  WrittenQuestions written;
  if (is_kept(context))
    written.kept.push_back({"Which " + number + "?", "The " + number, {0}, Json::object()});
  else
    written.rejected.push_back({{0}, "fine_grained", RejectReason::copied, "Which?", number});
  return written;
}

struct Outcome {
  std::string examples, rejected;
  std::size_t made_again = 0;
};

// Answers of up to `open` contexts arrive in an order drawn from `seed`; 0: in that of the contexts.
Outcome run(const Source& source, const fs::path& folder, std::size_t open, std::size_t held, double spares,
            std::uint64_t seed) {
  make_folder(folder);
  Outcome result;
  QuestionFiles files(folder);
  SparePlan plan(spares);
  for (std::uint64_t id = 0; id < kContexts; ++id) plan.add(source.data.context(id));
  OrderedWriter writer(
      source, plan, files,
      [&](const Context& context) {
        ++result.made_again;
        return questions_on(context.id);
      },
      held);
  Random random(seed, "ordered_writer");
  std::vector<std::uint64_t> asked;
  while (true) {
    while (asked.size() < open) {
      const auto next = plan.next();
      if (!next) break;
      asked.push_back(*next);
    }
    if (asked.empty()) break;
    const auto pick = asked.begin() + static_cast<std::ptrdiff_t>(seed > 0 ? random.below(asked.size()) : 0);
    const std::uint64_t context = *pick;
    asked.erase(pick);
    plan.done(context, is_kept(context));
    writer.add(context, questions_on(context));
  }
  writer.finish();
  files.finish();
  result.examples = read_file(folder / "examples.jsonl");
  result.rejected = read_file(folder / "rejected.jsonl");
  return result;
}

TEST(OrderedWriter, FilesDoNotDependOnTheOrderOfAnswers) {
  const support::TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data");
  const Source source{data, data.tokenizer(), kContexts};
  for (const double spares : {0.0, 0.2}) {
    const Outcome in_order = run(source, folder / "in_order", 1, 10, spares, 0);
    EXPECT_EQ(in_order.made_again, 0u);
    EXPECT_NE(in_order.examples, "");
    EXPECT_NE(in_order.rejected, "");
    for (const std::size_t open : {2, 8, 50})
      for (const std::size_t held : {0, 3, 1000}) {
        const Outcome other = run(source, folder / "other", open, held, spares, 10 * open + held + 1);
        EXPECT_EQ(other.examples, in_order.examples) << open << " open, " << held << " held";
        EXPECT_EQ(other.rejected, in_order.rejected) << open << " open, " << held << " held";
        EXPECT_EQ(other.made_again > 0, held < 1000) << open << " open, " << held << " held";
      }
  }
}

}  // namespace
}  // namespace film::questions

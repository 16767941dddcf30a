// Held-out examples of DATA folders, and what is said when there are none.
#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/small_data.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/tasks/build.h"

namespace film::tasks {
namespace {

using testing::HasSubstr;

// A context of every split, and one question about each context of `asked`.
folders::DataFolder write_data(const fs::path& folder, const std::vector<Split>& asked) {
  support::SmallData small;
  small.texts = {"The ferry leaves at noon.", "Nobody waits for it."};
  for (const Split split : kSplits) {
    Context context;
    context.split = split;
    context.segments = {0, 1};
    context.evidence = {1};
    small.contexts.push_back(context);
  }
  folders::DataFolder data = support::write_small_data(folder, small);
  std::string lines;
  for (std::uint64_t i = 0; i < asked.size(); ++i)
    lines += to_line(to_json(Example{i,
                                     static_cast<std::uint64_t>(asked[i]),
                                     "fine_grained",
                                     asked[i],
                                     {{"Who waits?", "Nobody", {1}, Json::object()}}})) +
             "\n";
  make_folder(folder / "questions");
  write_file(folder / "questions/examples.jsonl", lines);
  Manifest::write(folder / "questions", "manifest.json", {"examples.jsonl"}, {{"data", data.identity()}});
  return data;
}

TEST(HeldOut, TakesTheExamplesOfOneSplit) {
  const support::TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data", {Split::train, Split::test, Split::test});
  const std::vector<HeldOut> list = held_out({(folder / "data").string()}, Split::test, data.tokenizer());
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1].example.id, 2u);
  EXPECT_EQ(list[0].segments, 2u);
  EXPECT_EQ(list[0].open().pieces.at(0), "The ferry leaves at noon.");
}

TEST(HeldOut, SaysWhichSplitsHaveQuestionsAndWhatToDo) {
  const support::TempFolder folder;
  const std::string train = (folder / "train").string(), both = (folder / "both").string();
  const text::Tokenizer tokenizer = write_data(train, {Split::train, Split::train}).tokenizer();
  write_data(both, {Split::train, Split::test});
  struct Case {
    std::vector<std::string> folders;
    Split split;
    std::vector<std::string> said;
  };
  const std::vector<Case> cases = {
      {{train}, Split::test, {train, "2 about contexts of train", "--split test"}},
      {{both}, Split::validation, {both, "1 about contexts of test, 1 about contexts of train"}},
      {{train, both}, Split::validation, {"1 about contexts of test, 3 about contexts of train"}},
  };
  for (const Case& c : cases) {
    const Error error = support::error_of([&] { held_out(c.folders, c.split, tokenizer); });
    EXPECT_EQ(error.code(), ExitCode::no_input);
    for (const std::string& said : c.said)
      EXPECT_THAT(std::string(error.what()) + error.hint(), HasSubstr(said));
  }
  EXPECT_EQ(support::error_of([&] { held_out({}, Split::test, tokenizer); }).code(), ExitCode::config);
}

}  // namespace
}  // namespace film::tasks

#include "endpoint/journal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "../support/temp_folder.h"
#include "film/base/error.h"

namespace film::endpoint {
namespace {

RequestKey key(int i) { return request_key("service", "prompt", std::to_string(i)); }

ChatResult answer(int i) {
  ChatResult r;
  r.id = "id" + std::to_string(i);
  r.outcome = i % 3 == 0 ? ChatOutcome::rejected : ChatOutcome::ok;
  r.reason = i % 3 == 0 ? Reason::length : Reason::none;
  r.text = "answer \"" + std::to_string(i) + "\"\nin two lines, häßlich \x01";
  r.model = "m";
  r.usage = {i, 2 * i, i % 2 == 0};
  r.attempts = 1;
  r.seconds = 0.5;
  return r;
}

std::optional<ChatResult> find(const AnswerJournal& journal, int i) {
  const RequestKey keys[] = {key(i)};
  return journal.find(keys);
}

class AnswerJournalTest : public testing::Test {
 protected:
  void fill(int count) {
    AnswerJournal journal(path_);
    for (int i = 0; i < count; ++i) journal.add(key(i), answer(i), 0.25, "prompt");
    journal.sync();
  }
  support::TempFolder folder_;
  fs::path path_ = folder_ / "journal.jsonl";
};

TEST_F(AnswerJournalTest, GivesBackWhatWasPutIn) {
  fill(50);
  AnswerJournal journal(path_);
  EXPECT_EQ(journal.size(), 50u);
  EXPECT_DOUBLE_EQ(journal.cost(), 12.5);
  for (int i = 0; i < 50; ++i) {
    const auto found = find(journal, i);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, answer(i).id);
    EXPECT_EQ(found->text, answer(i).text);
    EXPECT_EQ(found->outcome, answer(i).outcome);
    EXPECT_EQ(found->reason, answer(i).reason);
    EXPECT_EQ(found->usage.completion, i % 2 == 0 ? 2 * i : 0);
    EXPECT_TRUE(found->from_journal);
  }
  EXPECT_FALSE(find(journal, 50));
}

TEST_F(AnswerJournalTest, FindsWhatIsNotSyncedYetAndDoesNotSyncForIt) {
  AnswerJournal journal(path_);
  journal.add(key(1), answer(1), 0, "p");
  EXPECT_EQ(find(journal, 1)->text, answer(1).text);
  EXPECT_EQ(journal.unsynced(), 1u);
  journal.sync();
  EXPECT_EQ(journal.unsynced(), 0u);
}

TEST_F(AnswerJournalTest, TakesTheFirstOfSeveralKeysThatItHolds) {
  fill(3);
  const AnswerJournal journal(path_);
  const RequestKey keys[] = {key(99), key(2), key(1)};
  EXPECT_EQ(journal.find(keys)->id, answer(2).id);
}

TEST_F(AnswerJournalTest, CutAtEveryByteItKeepsEveryWholeLineAndGoesOn) {
  testing::internal::CaptureStderr();  // a warning per cut
  fill(2);
  const std::string whole = read_file(path_);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << whole.substr(0, cut);
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(whole.substr(0, cut), '\n'));
    {
      AnswerJournal journal(path_);
      ASSERT_EQ(journal.size(), lines) << cut;
      journal.add(key(99), answer(99), 0, "p");
      journal.sync();
    }
    AnswerJournal journal(path_);
    ASSERT_EQ(journal.size(), lines + 1) << cut;
    ASSERT_EQ(find(journal, 99)->text, answer(99).text) << cut;
    for (std::uint64_t i = 0; i < lines; ++i) ASSERT_TRUE(find(journal, static_cast<int>(i))) << cut;
  }
  EXPECT_NE(testing::internal::GetCapturedStderr().find("torn last line"), std::string::npos);
}

TEST_F(AnswerJournalTest, NamesALineThatIsNotItsOwn) {
  fill(2);
  std::ofstream(path_, std::ios::app) << "{\"hello\":1}\n";
  try {
    AnswerJournal journal(path_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_NE(std::string(error.what()).find(":3:"), std::string::npos);
  }
}

TEST_F(AnswerJournalTest, TheFirstAnswerStands) {
  AnswerJournal journal(path_);
  journal.add(key(1), answer(1), 0, "p");
  journal.add(key(1), answer(2), 0, "p");
  EXPECT_EQ(find(journal, 1)->text, answer(1).text);
  journal.sync();
  EXPECT_EQ(find(AnswerJournal(path_), 1)->text, answer(1).text);
}

}  // namespace
}  // namespace film::endpoint

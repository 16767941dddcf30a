// Whether scores that training has not moved are explained.
#include "cli/training_note.h"

#include <gmock/gmock.h>

namespace film::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Comparison comparison(double low, double high) {
  Comparison made;
  made.task = "in2";
  made.difference = (low + high) / 2;
  made.low = low;
  made.high = high;
  return made;
}

TEST(TrainingNote, SpeaksOnlyWhereNoScoreRose) {
  const Comparison same = comparison(-6.2, 6.2), worse = comparison(-9, -1), better = comparison(80, 96);
  EXPECT_THAT(training_note({}, 20), IsEmpty());
  EXPECT_THAT(training_note({better}, 20), IsEmpty());
  EXPECT_THAT(training_note({same, better, worse}, 20), IsEmpty());
  EXPECT_THAT(training_note({same}, 20), HasSubstr("After 20 steps no score"));
  EXPECT_THAT(training_note({same, worse}, 1), HasSubstr("After 1 step no score"));
}

TEST(TrainingNote, SaysWhatIsNeededAfterFewSteps) {
  const std::vector<Comparison> same = {comparison(-1, 1)};
  EXPECT_THAT(training_note(same, 20), HasSubstr("scripts/quickstart.sh --corpus"));
  EXPECT_THAT(training_note(same, 12'000), HasSubstr("After 12,000 steps"));
  EXPECT_THAT(training_note(same, 12'000), testing::Not(HasSubstr("expected")));
}

}  // namespace
}  // namespace film::cli

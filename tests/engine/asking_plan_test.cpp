// The memory of asking, by arithmetic: what fits where, and what is refused.
#include "film/engine/asking_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "film/base/error.h"

namespace film::engine {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kGiB = 1ull << 30;

const ModelConfig k7B{};  // Mistral 7B

std::uint64_t bytes_of(const AskingPlan& plan, const std::string& item) {
  for (const MemoryItem& each : plan.items)
    if (each.name == item) return each.bytes;
  ADD_FAILURE() << "no item " << item;
  return 0;
}

AskingPlan plan_7b(Precision precision, std::int64_t context, std::int64_t questions, std::uint64_t limit,
                   DeviceKind device) {
  return plan_asking(k7B, precision,
                     {.context = context, .questions = questions, .question = 100, .new_tokens = 100}, limit,
                     kGiB / 2, device);
}

// What issue and design promise of a 7B model: device, bytes, type, context -> questions open at one time.
struct Promise {
  const char* name;
  DeviceKind device;
  std::uint64_t limit;
  Precision precision;
  std::int64_t context, least, most;  // of 800 questions
};
class Promises : public ::testing::TestWithParam<Promise> {};

TEST_P(Promises, SoManyQuestionsAreOpen) {
  const Promise& p = GetParam();
  const AskingPlan plan = plan_7b(p.precision, p.context, 800, p.limit, p.device);
  EXPECT_GE(plan.open, p.least);
  EXPECT_LE(plan.open, p.most);
  EXPECT_LE(plan.total(), p.limit);
  EXPECT_NO_THROW(require_memory(plan, p.limit, p.precision, p.device));
}

INSTANTIATE_TEST_SUITE_P(
    A7BModel, Promises,
    ::testing::Values(Promise{"gpu80", DeviceKind::gpu, 79 * kGiB, Precision::bfloat16, 32768, 800, 800},
                      Promise{"gpu24", DeviceKind::gpu, 23 * kGiB, Precision::bfloat16, 32768, 20, 200},
                      Promise{"gpu24short", DeviceKind::gpu, 23 * kGiB, Precision::bfloat16, 8192, 100, 400},
                      Promise{"cpu24", DeviceKind::cpu, 22 * kGiB, Precision::bfloat16, 32768, 8, 200},
                      Promise{"gpu80fp32", DeviceKind::gpu, 79 * kGiB, Precision::float32, 32768, 200, 800}),
    [](const auto& param) { return param.param.name; });

TEST(AskingPlan, ItemsAreCountedByHand) {
  const AskingPlan plan = plan_7b(Precision::bfloat16, 10000, 3, 100 * kGiB, DeviceKind::cpu);
  EXPECT_EQ(bytes_of(plan, "weights"), 2u * 7241732096u);
  EXPECT_EQ(bytes_of(plan, "context"), 10000u * 131072u);  // 32 layers x 2 x 1,024 x 2 bytes
  EXPECT_EQ(bytes_of(plan, "open questions"), 3u * 200 * 131072u);
  EXPECT_EQ(plan.open, 3);
  EXPECT_EQ(to_json(plan).at("planned"), plan.total());
  EXPECT_EQ(to_json(plan).at("open"), 3);
}

// What a pass of so many rows takes beside them: a sliding window's context is read in one pass, others in several.
TEST(AskingPlan, AWindowReadsItsContextAtOnce) {
  ModelConfig window = k7B;
  window.sliding_window = 4096;
  const auto temporaries = [](const ModelConfig& config, std::int64_t context) {
    return bytes_of(
        plan_asking(config, Precision::bfloat16, {.context = context}, 100 * kGiB, 0, DeviceKind::gpu),
        "temporaries");
  };
  EXPECT_EQ(temporaries(window, 8192), temporaries(k7B, 8192));
  EXPECT_EQ(temporaries(k7B, 32768), temporaries(k7B, 16384));
  for (const std::int64_t context : {10000, 16384, 32768})
    EXPECT_GT(temporaries(window, context), temporaries(k7B, context)) << context;
}

TEST(AskingPlan, MoreMemoryOpensMoreQuestions) {
  std::int64_t before = 0;
  for (const std::uint64_t limit : {20, 22, 26, 34}) {
    const std::int64_t open = plan_7b(Precision::bfloat16, 16384, 5000, limit * kGiB, DeviceKind::gpu).open;
    EXPECT_GT(open, before) << limit;
    before = open;
  }
}

// One question is planned even where it does not fit, so that the refusal can name what is too large.
TEST(AskingPlan, ARefusalNamesTheLargestItemAndAWayOut) {
  const struct {
    AskingShape shape;
    Precision precision;
    DeviceKind device;
    std::vector<std::string> said, not_said;
  } cases[] = {{{.context = 4096, .question = 30, .new_tokens = 20},
                Precision::float32,
                DeviceKind::cpu,
                {"78 asking this model", "weights alone needs 26.98 GiB", "precision=bfloat16", "--dry-run"},
                {"device=cpu"}},
               {{.context = 400000, .question = 30, .new_tokens = 20},
                Precision::bfloat16,
                DeviceKind::gpu,
                {"context alone needs 48.83 GiB", "shorter contexts", "device=cpu"},
                {"precision"}},
               {{.context = 10, .question = 30, .new_tokens = 300000},
                Precision::bfloat16,
                DeviceKind::cpu,
                {"open questions alone needs", "max_new_tokens"},
                {"precision", "device"}}};
  for (const auto& c : cases) {
    const AskingPlan plan = plan_asking(k7B, c.precision, c.shape, 16 * kGiB, 0, c.device);
    try {
      require_memory(plan, 16 * kGiB, c.precision, c.device);
      ADD_FAILURE() << "fits";
    } catch (const Error& error) {
      const std::string said =
          std::to_string(static_cast<int>(error.code())) + " " + error.what() + " | " + error.hint();
      for (const std::string& part : c.said) EXPECT_THAT(said, HasSubstr(part));
      for (const std::string& part : c.not_said) EXPECT_THAT(said, testing::Not(HasSubstr(part)));
    }
  }
}

}  // namespace
}  // namespace film::engine

// Published VaL Probing numbers from published outputs (microsoft/FILM), where FILM_REFERENCE_DATA names a
// folder that holds them; skipped elsewhere. Test sets are rebuilt from the released pieces.
#include <gtest/gtest.h>

#include <cstdlib>

#include "film/base/lines.h"
#include "film/scores/metrics.h"
#include "python_random.h"
#include "scores/val.h"

namespace film::scores {
namespace {

using testing::PythonRandom;
using Expected = std::vector<std::vector<std::string>>;

class ValReference : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("FILM_REFERENCE_DATA");
    if (folder == nullptr) GTEST_SKIP() << "FILM_REFERENCE_DATA is not set";
    folder_ = fs::path(folder) / "val_probing";
    if (!fs::exists(folder_)) GTEST_SKIP() << folder_ << " does not exist";
  }

  std::vector<Json> read(const std::string& file) const {
    std::vector<Json> rows;
    for_each_record(folder_ / file, [&](const Json& row, const std::string&) { rows.push_back(row); });
    return rows;
  }

  // Four draws of `size` out of `pool`, one generator.
  template <class Row>
  static std::vector<Row> four_sets(const std::vector<Row>& pool, std::size_t size) {
    PythonRandom random(3407);
    std::vector<Row> rows;
    for (int set = 0; set < 4; ++set)
      for (const std::size_t i : random.sample(pool.size(), size)) rows.push_back(pool[i]);
    return rows;
  }

  ValSummary score(const std::string& model, const std::string& task, const Expected& expected,
                   std::uint32_t per_set, const char* metric) const {
    std::vector<std::optional<double>> rows;
    std::size_t i = 0;
    for (const Json& row : read("results/" + model + "/sample_" + task + "_32k.jsonl")) {
      const Json output = row.contains("samples") ? row["samples"][0] : row["sample"];
      rows.push_back(
          find_metric(metric).score(output.is_string() ? output.get<std::string>() : "", expected.at(i++)));
    }
    EXPECT_EQ(rows.size(), expected.size());
    for (const Json& skipped : read_json(folder_ / (task + "_32k_skip_list.json")))
      rows[skipped.get<std::size_t>()].reset();
    return val_summary(rows, per_set, 50, true);
  }

  fs::path folder_;
};

constexpr const char* kMistral = "Mistral-7B-Instruct-v0.2";
constexpr const char* kGpt4 = "gpt4-turbo";

TEST_F(ValReference, CodeOfTableOne) {
  std::vector<std::string> names;
  for (const Json& row : read("pieces/code_functions.jsonl")) names.push_back(row["function_name"]);
  const auto drawn = four_sets(names, 800);
  EXPECT_EQ((std::vector<std::string>(drawn.begin(), drawn.begin() + 3)),
            (std::vector<std::string>{"get_link_pairs", "autodiscover", "run_group_job"}));
  Expected expected;
  for (const std::string& name : drawn) expected.push_back({name});
  const ValSummary mistral = score(kMistral, "code_backward", expected, 800, "name as VaL");
  EXPECT_NEAR(mistral.average, 20.3, 0.05);
  EXPECT_NEAR(mistral.gap, 59.5, 0.05);
  const ValSummary gpt4 = score(kGpt4, "code_backward", expected, 800, "name as VaL");
  EXPECT_NEAR(gpt4.average, 66.1, 0.05);
  EXPECT_NEAR(gpt4.gap, 46.5, 0.05);
}

std::size_t words(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

std::string without_brackets(const std::string& text) {
  std::string clean;
  for (const char c : text)
    if (c != '[' && c != ']' && !(c == ' ' && (clean.empty() || clean.back() == ' '))) clean += c;
  return clean;
}

TEST_F(ValReference, DatabaseOfTableOne) {
  Expected pool;
  for (const Json& row : read("pieces/database_entities.jsonl")) {
    const std::string label = without_brackets(row["label"]), description = without_brackets(row["dcpt"]);
    if (words(label) >= 3 && words(label) <= 8 && words(description) >= 3 && words(description) <= 8)
      pool.push_back({label, description});
  }
  EXPECT_EQ(pool.size(), 2660u);
  const Expected expected = four_sets(pool, 750);
  const ValSummary mistral = score(kMistral, "database_forward", expected, 750, "any of");
  EXPECT_NEAR(mistral.average, 47.5, 0.05);
  EXPECT_NEAR(mistral.gap, 77.0, 0.05);
  const ValSummary gpt4 = score(kGpt4, "database_forward", expected, 750, "any of");
  EXPECT_NEAR(gpt4.average, 89.6, 0.1);  // 89.65
  EXPECT_NEAR(gpt4.gap, 18.0, 0.05);
}

}  // namespace
}  // namespace film::scores

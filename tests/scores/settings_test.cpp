#include "film/scores/settings.h"

#include <gtest/gtest.h>

#include "film/base/error.h"

namespace film::scores {
namespace {

TEST(ProbeSettings, ShippedConfigsResolve) {
  const fs::path configs = fs::path(FILM_SOURCE_DIR) / "configs";
  for (const fs::path& file : {configs / "eval.json", configs / "demo" / "eval.json"}) {
    Json json = read_json(file);
    for (const char* key : {"model", "baseline", "tokenizer", "prompt", "data", "split", "title", "threads"})
      json.erase(key);  // what `film eval` adds to the probes' settings
    ProbeSettings settings;
    Fields fields;
    settings.describe(fields);
    fields.apply(json, file.string());
    EXPECT_NO_THROW(check(settings)) << file;
  }
}

TEST(ProbeSettings, CrossFieldRulesNameTheSettingAndTheRemedy) {
  const auto message = [](auto change) {
    ProbeSettings settings;
    change(settings);
    try {
      check(settings);
    } catch (const Error& error) {
      return std::string(error.what()) + " | " + error.hint();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message([](ProbeSettings&) {}), "accepted");
  EXPECT_NE(message([](ProbeSettings& s) { s.tasks.clear(); }).find("tasks"), std::string::npos);
  EXPECT_NE(message([](ProbeSettings& s) { s.tasks = {"cod"}; }).find("in2, document, code, database"),
            std::string::npos);
  EXPECT_NE(message([](ProbeSettings& s) { s.document.min_words = 40; }).find("document.max_words"),
            std::string::npos);
  EXPECT_NE(message([](ProbeSettings& s) { s.document.piece_words = 20; }).find("document.piece_words"),
            std::string::npos);
}

}  // namespace
}  // namespace film::scores

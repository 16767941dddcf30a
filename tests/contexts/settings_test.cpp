// Settings of contexts: rules across fields.
#include "film/contexts/settings.h"

#include <gmock/gmock.h>

#include "../support/failure.h"
#include "film/base/error.h"

namespace film::contexts {
namespace {

using testing::HasSubstr;

TEST(ContextSettings, RulesAcrossFields) {
  const auto problem = [](auto change) {
    ContextSettings settings;
    corpus::NeedleSettings records;
    records.fraction = 1;
    records.attributes = {{"a", {"1"}}, {"b", {"2"}}};
    change(settings, records);
    try {
      settings.check(records);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(problem([](auto&, auto&) {}), "");
  EXPECT_THAT(problem([](auto& s, auto&) { s.target = {10, 9}; }), HasSubstr("target.min"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.train = s.validation = s.test = 0; }),
              HasSubstr("nothing to make"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.kinds = {0, 0, 0}; }), HasSubstr("weights"));
  EXPECT_THAT(problem([](auto& s, auto& r) { s.evidence = EvidenceChoice::planted, r.fraction = 0; }),
              HasSubstr("records.fraction"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.questions_per_context = 0, s.kinds.integration = 1; }),
              HasSubstr("fine_grained"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.segments = 1, s.twins = 0.1; }), HasSubstr("contexts.twins"));
  EXPECT_THAT(problem([](auto& s, auto&) {
                s.kinds = {0, 0, 1}, s.twins = 0.1;
              }),
              HasSubstr("contexts.twins"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.questions_per_context = 0, s.twins = 0.1; }),
              HasSubstr("contexts.twins"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.segments = 2, s.questions_per_context = 3; }),
              HasSubstr("segments"));
  EXPECT_THAT(problem([](auto& s, auto&) {
                s.position_weights = {1, 2}, s.questions_per_context = 0;
              }),
              HasSubstr("position_weights choose what is asked about"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.position_weights = {0, 0}; }), HasSubstr("all 0"));
  EXPECT_THAT(problem([](auto& s, auto&) { s.segments = 3; }), HasSubstr("2 attributes"));
}

TEST(ContextSettings, PositionWeightsAreWholeNumbers) {
  for (const char* wrong : {"[1,-1]", "[0.5]", "3", "[\"1\"]", "[[1]]", "[4294967296]"}) {
    ContextSettings settings;
    Fields fields;
    settings.describe(fields);
    EXPECT_THAT(support::failure_of([&] { fields.apply_override(std::string("position_weights=") + wrong); }),
                HasSubstr("78 "))
        << wrong;
    EXPECT_TRUE(settings.position_weights.empty()) << wrong;
  }
}

}  // namespace
}  // namespace film::contexts

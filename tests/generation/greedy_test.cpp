// Greedy decoding against transformers' (tests/golden/make_greedy.py): windows, 1 to 8 query heads to a key head, tied and
// untied heads, both families, scaled RoPE; prompts together and alone, with a shared prefix and without.
#include <gtest/gtest.h>

#include "film/base/json.h"
#include "film/checkpoint/hugging_face.h"
#include "film/engine/model_config.h"
#include "film/generation/cached_model.h"

namespace film::generation {
namespace {

using engine::Prompt;
using text::TokenIds;

const fs::path kFolder = fs::path(FILM_TEST_DATA) / "parity";

struct Expected {
  TokenIds prefix;
  std::vector<TokenIds> suffixes, made;
};

Expected expected(const std::string& name) {
  const Json json = read_json(kFolder / "greedy.json").at(name);
  Expected expected{json.at("prefix").get<TokenIds>(), {}, {}};
  for (const Json& row : json.at("rows")) {
    expected.suffixes.push_back(row.at("suffix").get<TokenIds>());
    expected.made.push_back(row.at("new").get<TokenIds>());
  }
  return expected;
}

class Greedy : public ::testing::TestWithParam<std::string> {
 protected:
  CachedModel model(std::uint64_t memory_limit = 0) const {
    const engine::ModelConfig config =
        engine::model_config_from_hugging_face(kFolder / GetParam() / "config.json");
    return {config, checkpoint::load_weights(kFolder / GetParam(), config, at::kFloat), {}, memory_limit};
  }
  std::vector<TokenIds> made(CachedModel& by, std::span<const Prompt> prompts) const {
    const int count = static_cast<int>(expected_.made[0].size());
    std::vector<TokenIds> lists;
    for (const engine::Completion& completion : by.generate(prompts, {.max_new_tokens = count}))
      lists.push_back(completion.ids);
    return lists;
  }
  std::vector<Prompt> prompts() const {
    std::vector<Prompt> list;
    for (const TokenIds& suffix : expected_.suffixes) list.push_back({expected_.prefix, suffix, list.size()});
    return list;
  }
  Expected expected_ = expected(GetParam());
};

TEST_P(Greedy, TogetherOnASharedPrefix) {
  CachedModel by = model();
  EXPECT_EQ(made(by, prompts()), expected_.made);
  EXPECT_EQ(made(by, prompts()), expected_.made) << "the prefix of the call before is used again";
}

TEST_P(Greedy, AloneAndWithoutAPrefix) {
  CachedModel by = model();
  std::vector<Prompt> whole = prompts();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(made(by, std::span(whole).subspan(i, 1))[0], expected_.made[i]) << i;
    whole[i].ids.insert(whole[i].ids.begin(), expected_.prefix.begin(), expected_.prefix.end());
    whole[i].prefix = {};
  }
  EXPECT_EQ(made(by, whole), expected_.made);
}

INSTANTIATE_TEST_SUITE_P(Models, Greedy,
                         ::testing::Values("v01_window", "v02", "gqa8", "llama", "tied", "linear", "llama3",
                                           "yarn", "yarn_mscale"),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace film::generation

#include "word_counts.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "film/base/fill_template.h"
#include "film/base/strings.h"
#include "words.h"

namespace film::benchmarks {
namespace {

constexpr std::uint32_t kShort = 4096;  // below it words are repeated less often

// The wordings are the benchmark's.
constexpr const char* kCommonQuestion =
    "Below is a numbered list of words. In these words, some appear more often than others. Memorize the "
    "ones that "
    "appear most often.\n{context}\nQuestion: What are the 10 most common words in the above list?";
constexpr const char* kCommonPrefix = " Answer: The top 10 words that appear most often in the list are:";
constexpr const char* kFrequentQuestion =
    "Read the following coded text and track the frequency of each coded word. Find the three most "
    "frequently appeared "
    "coded words. {context}\nQuestion: Do not provide any explanation. Please ignore the dots '....'. What "
    "are the three "
    "most frequently appeared words in the above coded text?";
constexpr const char* kFrequentPrefix =
    " Answer: According to the coded text above, the three most frequently appeared words are:";

// "1. word 2. word"
std::string numbered(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : " ") + std::to_string(i + 1) + ". " + words[i];
  return text;
}

class CommonWordMaker : public SampleMaker {
 public:
  CommonWordMaker(std::vector<std::string> words, bool example)
      : words_(std::move(words)), example_(example) {}

  std::size_t least(const SampleKey&) const override { return kCommon + 1; }
  std::size_t most() const override { return words_.size(); }

  Sample make(const SampleKey& key, std::size_t units) const override {
    const bool is_short = key.length < kShort;
    Sample sample = list(key.random("list"), units, is_short ? 6 : 30, is_short ? 1 : 3);
    if (!example_) return sample;
    const Sample shown =
        list(key.random("example"), std::min(words_.size(), is_short ? kExample / 2 : kExample),
             is_short ? 3 : 10, is_short ? 1 : 3);
    sample.input.insert(0, shown.input + shown.answer_prefix + " " + numbered(shown.outputs) + "\n");
    return sample;
  }

 private:
  static constexpr std::size_t kCommon = 10, kExample = 40;

  // `count` words, of which ten occur `often` and the others `seldom`. What is drawn first is the same for every count.
  Sample list(Random random, std::size_t count, std::size_t often, std::size_t seldom) const {
    std::vector<std::string> drawn = words_, all;
    for (std::size_t i = 0; i < count; ++i)
      std::swap(drawn[i], drawn[i + static_cast<std::size_t>(random.below(drawn.size() - i))]);
    for (std::size_t i = 0; i < count; ++i) all.insert(all.end(), i < kCommon ? often : seldom, drawn[i]);
    random.shuffle(all);
    Sample sample;
    sample.input = fill_template(kCommonQuestion, "context", numbered(all));
    sample.answer_prefix = kCommonPrefix;
    sample.outputs.assign(drawn.begin(), drawn.begin() + kCommon);
    return sample;
  }

  std::vector<std::string> words_;
  bool example_;
};

// Words of six letters; the one of rank k occurs as often as a zeta distribution with exponent 2 says.
class FrequentWordMaker : public SampleMaker {
 public:
  std::size_t least(const SampleKey&) const override { return 120; }  // ranks 2 to 5 differ from here on
  std::size_t most() const override { return std::size_t{1} << 24; }

  Sample make(const SampleKey& key, std::size_t units) const override {
    constexpr double kZeta = std::numbers::pi * std::numbers::pi / 6;
    constexpr std::size_t kTokensOfWord = 50;  // the vocabulary grows with the length
    const std::size_t vocabulary = std::max<std::size_t>(kAsked + 2, key.length / kTokensOfWord);
    Random random = key.random("words");
    std::set<std::string> taken;
    std::vector<std::string> all;
    Sample sample;
    for (std::size_t rank = 1; rank <= vocabulary; ++rank) {
      const double share = 1 / (static_cast<double>(rank) * static_cast<double>(rank) * kZeta);
      const auto count = static_cast<std::size_t>(static_cast<double>(units) * share);
      const std::string word =
          rank == 1 ? "..." : fresh(taken, [&] { return random_letters(random, 6, 'a'); });
      if (rank > 1 && rank <= 1 + kAsked) sample.outputs.push_back(word);
      all.insert(all.end(), count, word);
    }
    Random order = key.random("order");
    order.shuffle(all);
    sample.input = fill_template(kFrequentQuestion, "context", join(all, " "));
    sample.answer_prefix = kFrequentPrefix;
    return sample;
  }

 private:
  static constexpr std::size_t kAsked = 3;
};

}  // namespace

std::unique_ptr<SampleMaker> make_common_words(std::vector<std::string> words, bool example) {
  return std::make_unique<CommonWordMaker>(std::move(words), example);
}

std::unique_ptr<SampleMaker> make_frequent_words() { return std::make_unique<FrequentWordMaker>(); }

}  // namespace film::benchmarks

#include "variables.h"

#include <set>

#include "film/base/fill_template.h"
#include "film/base/strings.h"
#include "fit.h"
#include "words.h"

namespace film::benchmarks {
namespace {

constexpr std::size_t kNames = 5;  // a value, and four hops
constexpr std::uint64_t kExampleTokens = 500;
constexpr const char* kChainNoise =
    "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.\n";
constexpr const char* kChainQuestion =
    "Memorize and track the chain(s) of variable assignment hidden in the following "
    "text.\n\n{context}\nQuestion: Find "
    "all variables that are assigned the value {query} in the text above.";
// The benchmark writes "assgined".
constexpr const char* kAnswerPrefix =
    " Answer: According to the chain(s) of variable assignment in the text above, 5 variables are assgined "
    "the value "
    "{query}, they are: ";

struct Chain {
  std::vector<std::string> names;
  std::string value;
};

Chain drawn_chain(Random& random, std::size_t letters) {
  Chain chain;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < kNames; ++i)
    chain.names.push_back(fresh(taken, [&] { return random_letters(random, letters, 'A'); }));
  chain.value = std::to_string(10'000 + random.below(90'000));
  return chain;
}

// Lines of noise with the assignments at random places between them, in their order.
std::string context_of(const Chain& chain, std::size_t lines, Random random) {
  std::set<std::size_t> places;
  while (places.size() < kNames) places.insert(static_cast<std::size_t>(random.below(lines + 1)));
  std::string text;
  std::size_t next = 0;
  for (std::size_t line = 0; line <= lines; ++line) {
    if (places.contains(line)) {
      text += "VAR " + chain.names[next] + " = " +
              (next == 0 ? chain.value : "VAR " + chain.names[next - 1] + " ") + " ";
      ++next;
    }
    if (line < lines) text += std::string(kChainNoise) + " ";
  }
  text.pop_back();
  return text;
}

Sample asked(const Chain& chain, std::string context) {
  Sample sample;
  sample.input = fill_template(kChainQuestion, {{"{query}", chain.value}, {"{context}", context}});
  sample.answer_prefix = fill_template(kAnswerPrefix, "query", chain.value);
  sample.outputs = chain.names;
  return sample;
}

class VariableMaker : public SampleMaker {
 public:
  explicit VariableMaker(const CountTokens& tokens) {
    const SampleKey key{0, "vt", 0, 0};
    const auto cost = [&](std::size_t lines) { return tokens(example(key, lines)); };
    example_lines_ = largest_fit(kNames, 1000, 15, kExampleTokens, cost).value_or(kNames);
  }

  std::size_t least(const SampleKey&) const override { return kNames; }
  std::size_t most() const override { return std::size_t{1} << 24; }

  Sample make(const SampleKey& key, std::size_t units) const override {
    Random random = key.random("chain");
    const Chain chain = drawn_chain(random, 5);
    Sample sample = asked(chain, context_of(chain, units, key.random("places")));
    sample.input.insert(0, example(key, example_lines_) + "\n\n");
    return sample;
  }

 private:
  // A worked one with short names.
  static std::string example(const SampleKey& key, std::size_t lines) {
    Random random = key.random("example");
    Chain chain = drawn_chain(random, 3);
    chain.value = "12345";
    const Sample sample = asked(chain, context_of(chain, lines, key.random("example places")));
    return sample.input + sample.answer_prefix + join(sample.outputs, " ") + "\n\n";
  }

  std::size_t example_lines_ = kNames;
};

}  // namespace

std::unique_ptr<SampleMaker> make_variables(const CountTokens& tokens) {
  return std::make_unique<VariableMaker>(tokens);
}

}  // namespace film::benchmarks

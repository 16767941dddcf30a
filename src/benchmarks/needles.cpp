#include "needles.h"

#include <algorithm>
#include <numeric>

#include "film/base/strings.h"
#include "words.h"

namespace film::benchmarks {
namespace {

constexpr const char* kNoise =
    "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";

struct Needle {
  std::string key, value;
  std::size_t place = 0;  // of kDepths
  bool asked = false;
};

// Texts in order, with where some of them begin in the whole.
class Joined {
 public:
  explicit Joined(std::string begin) : text_(std::move(begin)), first_(text_.size()) {}
  std::size_t add(std::string_view text, char separator) {
    if (text_.size() > first_) text_ += separator;
    const std::size_t at = text_.size();
    text_ += text;
    return at;
  }
  std::string text_;

 private:
  std::size_t first_;
};

class NeedleMaker : public SampleMaker {
 public:
  NeedleMaker(const NeedleShape& shape, std::shared_ptr<const Essays> essays)
      : shape_(shape), essays_(std::move(essays)) {}

  std::size_t least(const SampleKey&) const override { return 1; }
  std::size_t most() const override { return std::size_t{1} << 24; }

  Sample make(const SampleKey& key, std::size_t units) const override {
    std::set<std::string> keys;
    const std::vector<Needle> needles = drawn(key, keys);
    std::vector<std::string> made;  // what the lines of the haystack are views of
    const std::vector<std::string_view> lines = haystack(key, units, keys, made);
    return hidden(needles, lines);
  }

 private:
  std::string key_of(Random& random) const {
    return shape_.uuid_keys ? random_uuid(random) : random_key(random);
  }
  std::string value_of(Random& random) const {
    return shape_.value == Value::uuid ? random_uuid(random) : random_number(random);
  }
  // "numbers": of several.
  std::string kind() const { return shape_.value == Value::uuid ? "uuids" : "numbers"; }

  std::string sentence(const std::string& key, const std::string& value) const {
    return "One of the special magic " + kind() + " for " + key + " is: " + value + ".";
  }

  // All needles; those asked about come first. The first has a place that is balanced over samples, the others are random
  // among the places that are left.
  std::vector<Needle> drawn(const SampleKey& key, std::set<std::string>& keys) const {
    Random random = key.random("needles");
    std::vector<std::size_t> places(kDepths);
    std::iota(places.begin(), places.end(), std::size_t{0});
    random.shuffle(places);
    std::swap(places[0], *std::ranges::find(places, balanced_place(key)));
    std::set<std::string> values;
    std::vector<Needle> needles;
    for (std::size_t k = 0; k < shape_.keys; ++k) {
      const std::string name = fresh(keys, [&] { return key_of(random); });
      for (std::size_t v = 0; v < shape_.values; ++v)
        needles.push_back({name, fresh(values, [&] { return value_of(random); }), places[needles.size()],
                           k < shape_.asked});
    }
    return needles;
  }

  std::vector<std::string_view> haystack(const SampleKey& key, std::size_t units, std::set<std::string>& keys,
                                         std::vector<std::string>& made) const {
    if (shape_.haystack == Haystack::essays) return essays_->sentences(units);
    if (shape_.haystack == Haystack::noise) return std::vector<std::string_view>(units, kNoise);
    Random random = key.random("haystack");
    for (std::size_t i = 0; i < units; ++i)
      made.push_back(sentence(fresh(keys, [&] { return key_of(random); }), value_of(random)));
    return {made.begin(), made.end()};
  }

  Sample hidden(const std::vector<Needle>& needles, const std::vector<std::string_view>& lines) const {
    const char separator = shape_.haystack == Haystack::essays ? ' ' : '\n';
    std::vector<std::size_t> order(needles.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return needles[i].place; });
    const auto [before, behind] = question(needles);
    Joined text(before);
    Sample sample;
    std::vector<std::size_t> at(needles.size());
    std::size_t line = 0;
    for (const std::size_t i : order) {
      const auto end = lines.size() * static_cast<std::size_t>(depth_percent(needles[i].place)) / 100;
      for (; line < end; ++line) text.add(lines[line], separator);
      at[i] = text.add(sentence(needles[i].key, needles[i].value), separator);
    }
    for (; line < lines.size(); ++line) text.add(lines[line], separator);
    for (std::size_t i = 0; i < needles.size(); ++i) {
      if (!needles[i].asked) continue;
      sample.outputs.push_back(needles[i].value);
      sample.needles.push_back(at[i]);
    }
    sample.input = std::move(text.text_) + behind;
    sample.answer_prefix = answer_prefix(needles);
    return sample;
  }

  bool single() const { return shape_.asked * shape_.values == 1; }
  std::string kind_asked() const { return single() ? kind().substr(0, kind().size() - 1) : kind(); }

  // "a, b, and c"
  std::string query(const std::vector<Needle>& needles) const {
    std::vector<std::string> keys;
    for (const Needle& needle : needles)
      if (needle.asked && (keys.empty() || keys.back() != needle.key)) keys.push_back(needle.key);
    if (keys.size() > 1) keys.back() = "and " + keys.back();
    return join(keys, ", ");
  }

  // What stands in front of the haystack, and behind it. The wording is the benchmark's.
  std::pair<std::string, std::string> question(const std::vector<Needle>& needles) const {
    const std::string kinds = kind_asked();
    const std::string before = std::string(single() ? "A" : "Some") + " special magic " + kinds +
                               (single() ? " is" : " are") +
                               " hidden within the following text. Make sure to memorize it. I will quiz you "
                               "about the " +
                               kinds + " afterwards.\n";
    const std::string behind = std::string("\nWhat ") + (single() ? "is" : "are all") +
                               " the special magic " + kinds + " for " + query(needles) +
                               " mentioned in the provided text?";
    return {before, behind};
  }

  std::string answer_prefix(const std::vector<Needle>& needles) const {
    return " The special magic " + kind_asked() + " for " + query(needles) +
           " mentioned in the provided text " + (single() ? "is" : "are");
  }

  NeedleShape shape_;
  std::shared_ptr<const Essays> essays_;
};

}  // namespace

std::unique_ptr<SampleMaker> make_needles(const NeedleShape& shape, std::shared_ptr<const Essays> essays) {
  return std::make_unique<NeedleMaker>(shape, std::move(essays));
}

}  // namespace film::benchmarks

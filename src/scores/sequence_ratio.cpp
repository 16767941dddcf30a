#include "sequence_ratio.h"

#include <unordered_map>

#include "film/base/unicode.h"

namespace film::scores {
namespace {

using Text = std::u32string;

Text characters_of(std::string_view text) {
  Text result;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    result += c.value;
    at += c.size;
  }
  return result;
}

// A stretch of both texts: [a, a_end) and [b, b_end).
struct Stretch {
  std::size_t a = 0, a_end = 0, b = 0, b_end = 0;
};

struct Block {
  std::size_t a = 0, b = 0, size = 0;
};

class Matcher {
 public:
  Matcher(Text a, Text b) : a_(std::move(a)), b_(std::move(b)), row_(b_.size() + 1), next_(b_.size() + 1) {
    for (std::size_t j = 0; j < b_.size(); ++j) places_[b_[j]].push_back(j);
    constexpr std::size_t kLong = 200;
    if (b_.size() < kLong) return;
    const std::size_t popular = b_.size() / 100 + 1;
    std::erase_if(places_, [&](const auto& place) { return place.second.size() > popular; });
  }

  // Characters in matching blocks.
  std::size_t matches() {
    std::size_t sum = 0;
    std::vector<Stretch> open = {{0, a_.size(), 0, b_.size()}};
    while (!open.empty()) {
      const Stretch at = open.back();
      open.pop_back();
      const Block block = longest(at);
      if (block.size == 0) continue;
      sum += block.size;
      if (at.a < block.a && at.b < block.b) open.push_back({at.a, block.a, at.b, block.b});
      const std::size_t a_end = block.a + block.size, b_end = block.b + block.size;
      if (a_end < at.a_end && b_end < at.b_end) open.push_back({a_end, at.a_end, b_end, at.b_end});
    }
    return sum;
  }

 private:
  // The longest common block without popular characters, the first in a, then in b; made longer by equal ones around it.
  Block longest(const Stretch& at) {
    Block best{at.a, at.b, 0};
    for (std::size_t i = at.a; i < at.a_end; ++i) extend_row(i, at, best);
    clear(row_, used_);
    while (best.a > at.a && best.b > at.b && a_[best.a - 1] == b_[best.b - 1]) {
      --best.a;
      --best.b;
      ++best.size;
    }
    while (best.a + best.size < at.a_end && best.b + best.size < at.b_end &&
           a_[best.a + best.size] == b_[best.b + best.size])
      ++best.size;
    return best;
  }

  // row_[j + 1]: length of the common block that ends with a[i] and b[j].
  void extend_row(std::size_t i, const Stretch& at, Block& best) {
    std::vector<std::size_t> used;
    if (const auto found = places_.find(a_[i]); found != places_.end())
      for (const std::size_t j : found->second) {
        if (j < at.b) continue;
        if (j >= at.b_end) break;
        const std::size_t size = next_[j + 1] = (j == at.b ? 0 : row_[j]) + 1;
        used.push_back(j + 1);
        if (size > best.size) best = {i + 1 - size, j + 1 - size, size};
      }
    clear(row_, used_);
    std::swap(row_, next_);
    used_ = std::move(used);
  }

  static void clear(std::vector<std::size_t>& row, std::vector<std::size_t>& used) {
    for (const std::size_t j : used) row[j] = 0;
    used.clear();
  }

  Text a_, b_;
  std::unordered_map<char32_t, std::vector<std::size_t>> places_;  // of characters in b, ascending
  std::vector<std::size_t> row_, next_, used_;                     // used_: what is not 0 in row_
};

}  // namespace

double sequence_ratio(std::string_view a, std::string_view b) {
  Text first = characters_of(a), second = characters_of(b);
  const std::size_t length = first.size() + second.size();
  if (length == 0) return 1;
  const std::size_t matches = Matcher(std::move(first), std::move(second)).matches();
  return 2.0 * static_cast<double>(matches) / static_cast<double>(length);
}

double prefixed_ratio(const std::string& output, const std::vector<std::string>& answers) {
  const std::string_view prefix = answers.size() > 1 ? answers[1] : std::string_view();
  std::string_view given = output, wanted = answers.front();
  if (!given.starts_with(prefix)) return 0;
  given.remove_prefix(prefix.size());
  if (wanted.starts_with(prefix)) wanted.remove_prefix(prefix.size());
  return sequence_ratio(given, wanted);
}

}  // namespace film::scores

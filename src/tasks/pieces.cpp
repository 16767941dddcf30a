#include "pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "film/base/error.h"
#include "film/base/random.h"

namespace film::tasks {
namespace {

// Pool numbers of one context, in order.
std::vector<std::size_t> draw(const std::vector<std::uint32_t>& lengths, std::uint32_t budget,
                              Random& random) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  random.shuffle(order);
  std::uint64_t used = 0;
  std::size_t taken = 0;
  while (taken < order.size() && used + lengths[order[taken]] <= budget) used += lengths[order[taken++]];
  order.resize(taken);
  // The first piece that did not fit ended the row, so late pieces are short ones; shuffling forgets that.
  random.shuffle(order);
  return order;
}

// `count` slots, one from each equal share of `slots`: even cover, and every slot equally likely.
std::vector<std::uint32_t> spread(std::uint32_t count, std::uint32_t slots, Random& random) {
  std::vector<std::uint32_t> chosen;
  const double offset = random.uniform();
  for (std::uint32_t k = 0; k < count; ++k)
    chosen.push_back(std::min(slots - 1, static_cast<std::uint32_t>((k + offset) * slots / count)));
  return chosen;
}

bool occurs_once(const std::string& text, const std::string& quote) {
  const std::size_t first = text.find(quote);
  return first != std::string::npos && text.find(quote, first + 1) == std::string::npos;
}

std::vector<std::uint32_t> piece_lengths(const std::vector<Piece>& pool, const LineTokens& tokens) {
  std::vector<std::uint32_t> lengths;
  for (const Piece& piece : pool) {
    std::uint32_t sum = 0;
    std::string_view rest = piece.text;
    while (true) {
      const std::size_t end = rest.find('\n');
      sum += tokens(rest.substr(0, end));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
    lengths.push_back(sum);
  }
  return lengths;
}

// One context of pieces chosen from the pool.
struct Dealt {
  std::vector<std::string> pieces;
  std::vector<std::size_t> numbers;  // of the pieces in the pool
};

Dealt deal_context(const std::vector<Piece>& pool, const std::vector<std::uint32_t>& lengths,
                   const ProbeSize& size, const std::string& group, Random& random) {
  Dealt dealt;
  dealt.numbers = draw(lengths, size.context_tokens, random);
  if (dealt.numbers.size() < 2)
    throw config_error(fmt::format("{}.context_tokens is {}: it holds {} of the {} pieces found", group,
                                   size.context_tokens, dealt.numbers.size(), pool.size()),
                       "raise it, or give more source material");
  for (const std::size_t number : dealt.numbers) dealt.pieces.push_back(pool[number].text);
  return dealt;
}

}  // namespace

Task deal(const std::vector<Piece>& pool, const ProbeSize& size, const LineTokens& tokens, std::uint64_t seed,
          const std::string& group) {
  const std::vector<std::uint32_t> lengths = piece_lengths(pool, tokens);
  const std::uint32_t share = (size.items + size.contexts - 1) / size.contexts;
  Task task;
  task.decoding.max_new_tokens = size.max_new_tokens;
  std::uint64_t tried = 0, ambiguous = 0;
  while (tried < size.items) {
    const std::size_t number = task.contexts.size();
    Random random(seed, "probe." + group, number);
    const Dealt dealt = deal_context(pool, lengths, size, group, random);
    const Passage passage{dealt.pieces};
    const std::string text = passage.text();
    const auto slots = static_cast<std::uint32_t>(dealt.numbers.size());
    const auto left = static_cast<std::uint32_t>(size.items - tried);
    ContextItems context{{}, [passage] { return passage; }};
    for (const std::uint32_t slot : spread(std::min({share, slots, left}), slots, random)) {
      const Piece& piece = pool[dealt.numbers[slot]];
      ++tried;
      if (occurs_once(text, piece.quoted))
        context.items.push_back({fmt::format("{:04}-{:05}", number, slot),
                                 piece.question,
                                 piece.answers,
                                 {},
                                 EvidenceSlot{slot, slots}});
      else
        ++ambiguous;
    }
    task.contexts.push_back(std::move(context));
  }
  task.notes["context_tokens"] = size.context_tokens;
  task.notes["contexts"] = task.contexts.size();
  task.notes["left_out"] = {{"ambiguous", ambiguous}};
  if (!size.remark.empty()) task.notes["remark"] = size.remark;
  return task;
}

std::vector<sources::SourceFile> source_files(const std::string& source, const sources::FileFilter& filter,
                                              const std::string& setting) {
  if (source.empty()) throw no_input(setting + " is not set", "--set " + setting + "=PATH");
  return sources::list_files({source}, filter, setting).files;
}

}  // namespace film::tasks

#include "pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "film/base/error.h"
#include "film/base/random.h"

namespace film::scores {
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

bool stands_once(const std::string& text, const std::string& quote) {
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

}  // namespace

Probe deal(const std::vector<Piece>& pool, const ProbeSize& size, const LineTokens& tokens,
           std::uint64_t seed, const std::string& task) {
  const std::vector<std::uint32_t> lengths = piece_lengths(pool, tokens);
  const std::uint32_t share = (size.items + size.contexts - 1) / size.contexts;
  Probe probe;
  probe.max_new_tokens = size.max_new_tokens;
  std::uint64_t tried = 0, ambiguous = 0;
  while (tried < size.items) {
    const std::size_t number = probe.contexts.size();
    Random random(seed, "probe." + task, number);
    const std::vector<std::size_t> chosen = draw(lengths, size.context_tokens, random);
    if (chosen.size() < 2)
      throw config_error(fmt::format("{}.context_tokens is {}: it holds {} of the {} pieces found", task,
                                     size.context_tokens, chosen.size(), pool.size()),
                         "raise it, or give more source material");
    ProbeContext context;
    for (const std::size_t i : chosen) context.pieces.push_back(pool[i].text);
    const std::string text = context.text();
    const auto slots = static_cast<std::uint32_t>(chosen.size());
    const auto left = static_cast<std::uint32_t>(size.items - tried);
    for (const std::uint32_t slot : spread(std::min({share, slots, left}), slots, random)) {
      const Piece& piece = pool[chosen[slot]];
      ++tried;
      if (stands_once(text, piece.quoted))
        context.items.push_back(
            {fmt::format("{:04}-{:05}", number, slot), piece.question, piece.expected, slot, slots});
      else
        ++ambiguous;
    }
    probe.contexts.push_back(std::move(context));
  }
  probe.notes["context_tokens"] = size.context_tokens;
  probe.notes["contexts"] = probe.contexts.size();
  probe.notes["left_out"] = {{"ambiguous", ambiguous}};
  if (!size.remark.empty()) probe.notes["remark"] = size.remark;
  return probe;
}

std::vector<fs::path> source_files(const std::string& source, const std::vector<std::string>& endings,
                                   const std::string& setting) {
  if (source.empty()) throw no_input(setting + " is not set", "--set " + setting + "=PATH");
  if (!fs::exists(source)) throw no_input(setting + ": " + source + " does not exist");
  std::vector<fs::path> files;
  const auto fits = [&](const fs::path& path) {
    fs::path plain = path;
    if (plain.extension() == ".gz" || plain.extension() == ".zst") plain.replace_extension();
    return std::find(endings.begin(), endings.end(), plain.extension().string()) != endings.end();
  };
  if (fs::is_regular_file(source))
    files.emplace_back(source);
  else
    for (const auto& entry : fs::recursive_directory_iterator(source))
      if (entry.is_regular_file() && fits(entry.path())) files.push_back(entry.path());
  if (files.empty())
    throw no_input(fmt::format("{}: no {} below {}", setting, fmt::join(endings, ", "), source));
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> split_words(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  std::vector<std::string> words;
  for (std::size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSpace, end);
  }
  return words;
}

}  // namespace film::scores

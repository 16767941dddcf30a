#include "rated_pack.h"

#include <algorithm>
#include <numeric>

#include "film/engine/asking_plan.h"

namespace film::generation {

using batches::Span;
using engine::Prompt;
using text::TokenId;
using text::TokenIds;

namespace {

constexpr std::size_t kRows = 2048;  // of a pass that holds several groups
// Behind one prefix in one pass, or as many as the prefix has: what the memory plan counts with.
constexpr std::size_t kSuffixRows = engine::kReadRows;

// What is read of one prompt behind its prefix. Its last rows predict the continuation.
TokenIds suffix_of(const Prompt& prompt, const TokenIds& continuation) {
  TokenIds ids = prompt.ids;
  ids.insert(ids.end(), continuation.begin(), continuation.end() - 1);
  return ids;
}

bool begins(const TokenIds& ids, const TokenIds& longer) {
  return ids.size() <= longer.size() && std::equal(ids.begin(), ids.end(), longer.begin());
}

// Whose rows each suffix is read in: its own, or those of one that it begins.
std::vector<std::size_t> hosts_of(const std::vector<TokenIds>& suffixes) {
  std::vector<std::size_t> order(suffixes.size()), hosts(suffixes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) -> const TokenIds& { return suffixes[i]; });
  // Whatever a suffix begins comes right behind it.
  for (std::size_t at = order.size(); at-- > 0;) {
    const bool last = at + 1 == order.size();
    const std::size_t next = last ? order[at] : hosts[order[at + 1]];
    hosts[order[at]] = begins(suffixes[order[at]], suffixes[next]) ? next : order[at];
  }
  return hosts;
}

struct LossRow {
  std::int64_t row;
  TokenId target;
  std::int32_t pair;
};

class Packer {
 public:
  Packer(std::span<const Prompt> prompts, std::span<const TokenIds> continuations)
      : prompts_(prompts), continuations_(continuations) {}

  std::vector<RatedPack> operator()() {
    for (std::size_t begin = 0, end = 0; begin < prompts_.size(); begin = end) {
      end = group_end(begin);
      add(begin, end);
    }
    close();
    return std::move(packs_);
  }

 private:
  std::size_t rows_of(std::size_t p) const { return prompts_[p].ids.size() + continuations_[p].size() - 1; }

  // Behind the last of the prompts from `begin` on that are read with one prefix in one pass.
  std::size_t group_end(std::size_t begin) const {
    const auto& prefix = prompts_[begin].prefix;
    const std::size_t most = std::max(kSuffixRows, prefix.size());
    std::size_t end = begin, rows = 0;
    do rows += rows_of(end++);
    while (end < prompts_.size() && rows + rows_of(end) <= most &&
           std::ranges::equal(prompts_[end].prefix, prefix));
    return end;
  }

  void add(std::size_t begin, std::size_t end) {
    std::vector<TokenIds> suffixes;
    for (std::size_t p = begin; p < end; ++p) suffixes.push_back(suffix_of(prompts_[p], continuations_[p]));
    const std::vector<std::size_t> hosts = hosts_of(suffixes);
    std::size_t rows = prompts_[begin].prefix.size();
    for (std::size_t i = 0; i < hosts.size(); ++i) rows += hosts[i] == i ? suffixes[i].size() : 0;
    if (pack_.rows() > 0 && static_cast<std::size_t>(pack_.rows()) + rows > kRows) close();
    if (pack_.rows() == 0) begin_ = begin;
    write(begin, suffixes, hosts);
  }

  void write(std::size_t begin, const std::vector<TokenIds>& suffixes,
             const std::vector<std::size_t>& hosts) {
    const std::span<const TokenId> prefix = prompts_[begin].prefix;
    batches::Group group{{pack_.rows(), static_cast<std::int64_t>(prefix.size())}, {}};
    append(prefix, 0);
    std::vector<std::int64_t> first(suffixes.size());  // row of each suffix
    for (std::size_t i = 0; i < suffixes.size(); ++i) {
      if (hosts[i] != i) continue;
      first[i] = pack_.rows();
      group.continuations.push_back({pack_.rows(), static_cast<std::int64_t>(suffixes[i].size())});
      append(suffixes[i], group.context.length);
    }
    for (std::size_t i = 0; i < suffixes.size(); ++i) {
      const TokenIds& targets = continuations_[begin + i];
      const auto end = first[hosts[i]] + static_cast<std::int64_t>(suffixes[i].size());
      for (std::size_t t = 0; t < targets.size(); ++t)
        loss_.push_back({end - static_cast<std::int64_t>(targets.size() - t), targets[t],
                         static_cast<std::int32_t>(begin - begin_ + i)});
    }
    pack_.groups.push_back(std::move(group));
    pack_.pair_count = static_cast<std::int32_t>(begin - begin_ + suffixes.size());
  }

  void append(std::span<const TokenId> ids, std::int64_t position) {
    for (const TokenId id : ids) {
      pack_.ids.push_back(id);
      pack_.positions.push_back(position++);
    }
  }

  void close() {
    if (pack_.rows() == 0) return;
    std::ranges::stable_sort(loss_, {}, &LossRow::row);
    for (const LossRow& loss : loss_) {
      pack_.loss_rows.push_back(loss.row);
      pack_.targets.push_back(loss.target);
      pack_.weights.push_back(1);
      pack_.pairs.push_back(loss.pair);
    }
    packs_.push_back({begin_, std::move(pack_)});
    pack_ = {};
    loss_.clear();
  }

  std::span<const Prompt> prompts_;
  std::span<const TokenIds> continuations_;
  std::vector<RatedPack> packs_;
  std::size_t begin_ = 0;
  batches::Pack pack_;
  std::vector<LossRow> loss_;
};

}  // namespace

std::vector<RatedPack> rated_packs(std::span<const Prompt> prompts, std::span<const TokenIds> continuations) {
  return Packer(prompts, continuations)();
}

std::int64_t most_rows(std::span<const RatedPack> packs) {
  std::int64_t rows = 0;
  for (const RatedPack& rated : packs) rows = std::max(rows, rated.pack.rows());
  return rows;
}

}  // namespace film::generation

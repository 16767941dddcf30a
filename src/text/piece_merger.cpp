#include "piece_merger.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>
#include <unordered_set>

#include "film/base/unicode.h"
#include "pair_table.h"
#include "text_table.h"

namespace film::text {
namespace {

void insert(std::vector<std::uint64_t>& slots, std::size_t at, std::uint64_t slot) {
  for (at &= slots.size() - 1; slots[at] != 0;) at = (at + 1) & (slots.size() - 1);
  slots[at] = slot;
}

std::size_t room_for(std::size_t count) { return std::bit_ceil(2 * count + 2); }

bool takes_part(const ModelPiece& piece) { return piece.type == ModelPiece::normal; }

}  // namespace

// Fills the tables of a merger.
class PieceMerger::Loader {
 public:
  Loader(const ModelFile& file, PieceMerger& merger)
      : file_(file),
        merger_(merger),
        characters_(characters_of(file)),
        symbols_(file.pieces.size() + characters_.size()) {}

  void load() {
    merger_.pieces_ = static_cast<Symbol>(file_.pieces.size());
    rank();
    std::size_t longest = 0;
    for (Symbol id = 0; id < merger_.pieces_; ++id) {
      add(file_.pieces[id], id);
      longest = std::max(longest, file_.pieces[id].text.size());
    }
    powers_ = TextTable::powers(longest);
    for (Character& character : characters_) add(character);
    for (Symbol id = 0; id < merger_.pieces_; ++id)
      if (takes_part(file_.pieces[id])) add_splits(file_.pieces[id].text, id);
    set_characters();
    set_pairs();
    // A space that is no piece is written as the bytes of its escape, which the text does not hold.
    if (merger_.ascii_[' '] >= merger_.pieces_) merger_.pieces_ = 0;
  }

 private:
  struct Character {
    char32_t value;
    std::string_view text;
    Symbol symbol = kNone;
  };

  // Every character that is in a piece, once.
  static std::vector<Character> characters_of(const ModelFile& file) {
    std::vector<Character> characters;
    std::unordered_set<char32_t> seen;
    for (const ModelPiece& piece : file.pieces) {
      if (!takes_part(piece)) continue;
      for (std::size_t at = 0, size = 0; at < piece.text.size(); at += size) {
        const CodePoint c = code_point_at(piece.text, at);
        size = c.size;
        if (seen.insert(c.value).second) characters.push_back({c.value, piece.text.substr(at, size)});
      }
    }
    return characters;
  }

  void add(const ModelPiece& piece, Symbol id) {
    if (takes_part(piece)) symbols_.add(piece.text, TextTable::hash(piece.text), id);
    if (piece.type != ModelPiece::byte) return;
    unsigned value = 0;  // of "<0x0A>"
    std::from_chars(piece.text.data() + 3, piece.text.data() + piece.text.size() - 1, value, 16);
    merger_.bytes_[value & 0xFF] = static_cast<TokenId>(id);
  }

  void rank() {
    std::vector<Symbol> order(merger_.pieces_);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, [&](Symbol a, Symbol b) { return score(a) > score(b); });
    merger_.ranks_.resize(merger_.pieces_);
    for (std::size_t i = 1; i < order.size(); ++i)
      merger_.ranks_[order[i]] =
          merger_.ranks_[order[i - 1]] + (score(order[i]) < score(order[i - 1]) ? 1 : 0);
  }
  float score(Symbol id) const { return file_.pieces[id].score; }

  void add(Character& character) {
    const std::uint64_t hash = TextTable::hash(character.text);
    character.symbol = symbols_.find(character.text, hash);
    if (character.symbol != TextTable::kNone) return;
    character.symbol = merger_.pieces_ + others_++;
    symbols_.add(character.text, hash, character.symbol);
  }

  void add_splits(std::string_view text, Symbol id) {
    TextTable::hash_beginnings(text, hashes_);
    for (std::size_t at = code_point_at(text, 0).size; at < text.size(); at += code_point_at(text, at).size) {
      const Symbol left = symbols_.find(text.substr(0, at), hashes_[at]);
      if (left == TextTable::kNone) continue;
      const Symbol right = symbols_.find(text.substr(at), TextTable::hash_of_end(hashes_, at, powers_));
      if (right != TextTable::kNone) pairs_.push_back(pair(left, right) << 20 | id);
    }
  }

  void set_characters() {
    merger_.ascii_.fill(kNone);
    merger_.characters_.assign(room_for(characters_.size()), 0);
    for (const Character& c : characters_) {
      if (c.value < merger_.ascii_.size()) merger_.ascii_[c.value] = c.symbol;
      insert(merger_.characters_, hash(c.value), std::uint64_t{c.value} << 20 | c.symbol);
    }
    merger_.ascii_[' '] = merger_.symbol_of(kEscapedSpace);
  }

  void set_pairs() {
    merger_.pairs_.assign(room_for(pairs_.size()), 0);
    for (const std::uint64_t slot : pairs_) insert(merger_.pairs_, hash(slot >> 20), slot);
  }

  const ModelFile& file_;
  PieceMerger& merger_;
  std::vector<Character> characters_;
  TextTable symbols_;  // pieces and characters
  std::vector<std::uint64_t> powers_, hashes_;
  std::vector<std::uint64_t> pairs_;
  Symbol others_ = 0;  // characters that are no piece
};

PieceMerger::PieceMerger(const ModelFile& file) {
  const bool has_own_rules = std::ranges::any_of(
      file.pieces, [](const ModelPiece& p) { return p.type == ModelPiece::user_defined; });
  constexpr std::size_t kCharacters = 0x20000;  // more than all that Unicode has assigned but rare Han
  if (!has_own_rules && file.pieces.size() + kCharacters < kNone) Loader(file, *this).load();
}

PieceMerger::Symbol PieceMerger::symbol_of(char32_t character) const {
  const std::size_t mask = characters_.size() - 1;
  for (std::size_t at = hash(character) & mask;; at = (at + 1) & mask) {
    if (characters_[at] >> 20 == character && characters_[at] != 0) return characters_[at] & kNone;
    if (characters_[at] == 0) return kNone;
  }
}

PieceMerger::Symbol PieceMerger::merged(Symbol left, Symbol right) const {
  const std::uint64_t key = pair(left, right);
  const std::size_t mask = pairs_.size() - 1;
  for (std::size_t at = hash(key) & mask;; at = (at + 1) & mask) {
    if (pairs_[at] >> 20 == key) return pairs_[at] & kNone;
    if (pairs_[at] == 0) return kNone;
  }
}

// The symbols of one chunk, and what each would become with the one behind it.
class PieceMerger::Chunk {
 public:
  Chunk(const PieceMerger& merger, std::string_view text) : merger_(merger), text_(text) {}

  // False where it is not ours.
  bool read() {
    for (std::size_t at = 0; at < text_.size(); ++size_) {
      if (size_ == kMostCharacters) return false;
      begins_[size_] = static_cast<std::uint32_t>(at);
      if (is_ascii(text_[at])) {
        symbols_[size_] = merger_.ascii_[static_cast<std::size_t>(text_[at++])];
        continue;
      }
      const CodePoint c = code_point_at(text_, at);
      if (c.size == 1) return false;
      symbols_[size_] = merger_.symbol_of(c.value);
      at += c.size;
    }
    begins_[size_] = static_cast<std::uint32_t>(text_.size());
    for (std::size_t i = 0; i + 1 < size_; ++i) look(i);
    return true;
  }

  void merge() {
    while (size_ > 1) {
      const auto best =
          std::min_element(ranks_.begin(), ranks_.begin() + static_cast<std::ptrdiff_t>(size_ - 1));
      if (*best == kNever) return;
      take(static_cast<std::size_t>(best - ranks_.begin()));
    }
  }

  std::span<const TokenId> ids(Buffer& buffer) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (symbols_[i] < merger_.pieces_) {
        buffer[count++] = static_cast<TokenId>(symbols_[i]);
        continue;
      }
      for (std::size_t at = begins_[i]; at < begins_[i + 1]; ++at)
        buffer[count++] = merger_.bytes_[static_cast<unsigned char>(text_[at])];
    }
    return {buffer.data(), count};
  }

 private:
  static constexpr std::uint32_t kNever = 0xFFFFFFFF;

  void look(std::size_t i) {
    const bool both = symbols_[i] != kNone && symbols_[i + 1] != kNone;
    merged_[i] = both ? merger_.merged(symbols_[i], symbols_[i + 1]) : kNone;
    ranks_[i] = merged_[i] == kNone ? kNever : merger_.ranks_[merged_[i]];
  }

  // Symbols `at` and `at + 1` become one.
  void take(std::size_t at) {
    symbols_[at] = merged_[at];
    --size_;
    for (std::size_t i = at + 1; i < size_; ++i) {
      symbols_[i] = symbols_[i + 1];
      merged_[i - 1] = merged_[i];
      ranks_[i - 1] = ranks_[i];
    }
    for (std::size_t i = at + 1; i <= size_; ++i) begins_[i] = begins_[i + 1];
    if (at > 0) look(at - 1);
    if (at + 1 < size_) look(at);
  }

  const PieceMerger& merger_;
  std::string_view text_;
  std::size_t size_ = 0;
  std::array<Symbol, kMostCharacters> symbols_;
  std::array<std::uint32_t, kMostCharacters + 1> begins_;  // of each symbol in the text
  std::array<Symbol, kMostCharacters> merged_;             // symbol i with symbol i + 1
  std::array<std::uint32_t, kMostCharacters> ranks_;       // of that; kNever: they do not merge
};

std::span<const TokenId> PieceMerger::merge(std::string_view chunk, Buffer& buffer) const {
  Chunk symbols(*this, chunk);
  if (pieces_ == 0 || !symbols.read()) return {};
  symbols.merge();
  return symbols.ids(buffer);
}

}  // namespace film::text

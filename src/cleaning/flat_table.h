#pragma once
// Private to the module: a hash table of numbers that takes 16 bytes an entry and one cache miss a look-up.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace film::cleaning {

// Open addressing with linear probing. A key may have several values.
class FlatTable {
 public:
  void insert(std::uint64_t key, std::uint64_t value) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    place({key, value});
    ++count_;
  }

  // Calls use(value) for each value of the key until it returns true; whether one did.
  template <class Use>
  bool any_of(std::uint64_t key, Use use) const {
    if (slots_.empty()) return false;
    for (std::size_t i = key & (slots_.size() - 1); slots_[i].value != kFree;
         i = (i + 1) & (slots_.size() - 1))
      if (slots_[i].key == key && use(slots_[i].value)) return true;
    return false;
  }

  std::size_t size() const { return count_; }

 private:
  static constexpr std::uint64_t kFree = UINT64_MAX;  // no value
  struct Slot {
    std::uint64_t key = 0, value = kFree;
  };

  void place(Slot slot) {
    std::size_t i = slot.key & (slots_.size() - 1);
    while (slots_[i].value != kFree) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 1024 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.value != kFree) place(slot);
  }

  std::vector<Slot> slots_;  // a power of two of them, at most half in use
  std::size_t count_ = 0;
};

}  // namespace film::cleaning

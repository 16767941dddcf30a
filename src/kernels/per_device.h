#pragma once
// What is asked of every device once.
#include <map>
#include <mutex>

namespace film::kernels {

template <class Value>
class PerDevice {
 public:
  // The value of the device with this index; `ask(index)` the first time. Thread-safe.
  template <class Ask>
  Value of(int index, const Ask& ask) {
    const std::lock_guard lock(mutex_);
    const auto known = values_.find(index);
    return known != values_.end() ? known->second : values_.emplace(index, ask(index)).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<int, Value> values_;
};

}  // namespace film::kernels

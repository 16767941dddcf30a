#pragma once
// The cost cap: counts the worst case of everything in flight.
#include <cstddef>

#include "film/endpoint/chat.h"
#include "film/endpoint/settings.h"

namespace film::endpoint {

class Budget {
 public:
  // `settings` must outlive it. spent_before: by earlier runs, in the unit of the prices, like all amounts.
  Budget(const EndpointSettings& settings, double spent_before) : settings_(settings), spent_(spent_before) {}
  // The most that a request can cost: no tokenizer makes more tokens than there are bytes.
  double worst_case(std::size_t body_bytes, int max_tokens) const;
  bool may_reserve(double amount) const;
  void reserve(double amount) { reserved_ += amount; }
  // Ends a reservation; `actual` was spent.
  void settle(double reserved, double actual);
  double spent() const { return spent_; }  // earlier runs included
  double cost(const Usage& usage) const { return settings_.cost(usage.prompt, usage.completion); }

 private:
  const EndpointSettings& settings_;
  double spent_, reserved_ = 0;
};

}  // namespace film::endpoint

#pragma once
// A token bucket over a clock that the caller passes in (seconds).

namespace film::endpoint {

// Of a level, so that rounding does not add a wait of nothing.
inline constexpr double kLevelSlack = 1e-9;

// Fills steadily and holds one second's worth, because servers judge "per minute" over windows of 1
// to 10 seconds.
class TokenBucket {
 public:
  explicit TokenBucket(double per_minute);  // 0 = no limit
  // Seconds until `amount` may be taken. An amount above the capacity waits for a full bucket and leaves a debt.
  double wait(double now, double amount) const;
  void take(double now, double amount);

 private:
  double level(double now) const;
  double rate_ = 0, capacity_ = 0;  // per second; rate 0 = no limit
  double level_ = 0, at_ = 0;
  bool started_ = false;
};

}  // namespace film::endpoint

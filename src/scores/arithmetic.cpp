#include "arithmetic.h"

#include <cmath>

#include "film/base/as_number.h"

namespace film::scores {
namespace {

constexpr int kDeepest = 64;  // brackets and signs within each other

// Recursive descent. After a fault every value is meaningless, and the end is told by ok().
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<double> whole() {
    const double value = sum();
    if (!ok_ || !rest_.empty() || !std::isfinite(value)) return {};
    return value;
  }

 private:
  double sum() {
    double value = product();
    while (ok_) {
      if (take("+"))
        value += product();
      else if (take("-"))
        value -= product();
      else
        break;
    }
    return value;
  }

  double product() {
    double value = signed_power();
    while (ok_) {
      if (take("//"))
        value = std::floor(value / divisor());
      else if (take("/"))
        value /= divisor();
      else if (!rest_.starts_with("**") && take("*"))
        value *= signed_power();
      else
        break;
    }
    return value;
  }

  double divisor() {
    const double value = signed_power();
    ok_ = ok_ && value != 0;
    return value;
  }

  // -2**2 is -4, 2**-1 is 0.5.
  double signed_power() {
    if (++depth_ > kDeepest) ok_ = false;
    double value = 0;
    if (ok_ && take("-"))
      value = -signed_power();
    else if (ok_ && take("+"))
      value = signed_power();
    else if (ok_)
      value = power();
    --depth_;
    return value;
  }

  double power() {
    const double base = atom();
    return ok_ && take("**") ? std::pow(base, signed_power()) : base;
  }

  double atom() {
    if (!take("(")) return number();
    const double value = sum();
    ok_ = ok_ && take(")");
    return value;
  }

  // Python reads no whole number with a zero in front.
  double number() {
    const std::size_t end = std::min(rest_.find_first_not_of("0123456789."), rest_.size());
    const std::string_view digits = rest_.substr(0, end);
    rest_.remove_prefix(end);
    const auto read = as_number<double>(digits);
    const double value = read.value_or(0);
    const bool whole_number = digits.find('.') == std::string_view::npos;
    const bool zero_in_front = whole_number && digits.size() > 1 && digits[0] == '0' && value != 0;
    ok_ = ok_ && read && !zero_in_front;
    return value;
  }

  bool take(std::string_view sign) {
    if (!rest_.starts_with(sign)) return false;
    rest_.remove_prefix(sign.size());
    return true;
  }

  std::string_view rest_;
  int depth_ = 0;
  bool ok_ = true;
};

}  // namespace

std::optional<double> value_of(std::string_view expression) { return Reader(expression).whole(); }

}  // namespace film::scores

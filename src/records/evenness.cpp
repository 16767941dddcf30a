#include "film/records/evenness.h"

#include <fmt/format.h>

namespace film {
namespace {

constexpr double kDoubtful = 0.01;  // a p below this says that it is hardly chance

}  // namespace

std::string chance_text(double p) { return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", p); }

std::string test_numbers(const ChiSquare& test) {
  return fmt::format("chi-square {:.1f} with {} degrees of freedom, {}", test.statistic, test.degrees,
                     chance_text(test.p));
}

// Whole segments make a context, so that lengths come in steps of one.
std::string length_verdict(const LengthHistogram& lengths, double segment) {
  if (!lengths.chi_square || lengths.chi_square->p >= kDoubtful) return "even";
  const double bin = (lengths.high + 1.0 - lengths.low) / static_cast<double>(lengths.counts.size());
  if (segment < bin / 4) return "not even";
  return fmt::format("as even as steps of about {:.0f} tokens, one segment, allow", segment);
}

std::string slot_verdict(const SlotHistogram& slots) {
  if (!slots.chi_square) return "as contexts.position_weights say";
  return slots.chi_square->p < kDoubtful ? "not even" : "even";
}

}  // namespace film

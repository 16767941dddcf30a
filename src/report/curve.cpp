#include "curve.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/csv.h"
#include "film/base/format.h"
#include "numbers.h"

namespace film::report {

double centre(const PositionScore& p) { return 50 * (p.begin + p.end); }

std::string curve_tip(const std::string& label, const PositionScore& p, bool difference) {
  return fmt::format("{}: {} {} at depth {} to {} % (n = {})", label,
                     difference ? signed_fixed(p.mean, 1) : fixed(p.mean, 1), interval_text(p.low, p.high),
                     fixed(100 * p.begin, 0), fixed(100 * p.end, 0), grouped(p.count));
}

std::vector<std::vector<PositionScore>> curve_runs(const std::vector<PositionScore>& positions,
                                                   std::uint64_t least) {
  std::vector<std::vector<PositionScore>> result(1);
  for (const PositionScore& p : positions) {
    if (p.count >= least)
      result.back().push_back(p);
    else if (!result.back().empty())
      result.emplace_back();
  }
  return result;
}

double dodged(std::size_t number, std::size_t bins, std::size_t series) {
  constexpr double kApart = 7, kShareOfBin = 0.75;  // that all marks of a bin may take
  const double bin = (kCurveRight - kCurveLeft) / static_cast<double>(bins);
  const double apart = std::min(kApart, kShareOfBin * bin / static_cast<double>(series));
  return apart * (static_cast<double>(number) - (static_cast<double>(series) - 1) / 2);
}

std::string curve_csv_rows(const std::string& label, const std::vector<PositionScore>& positions) {
  std::string csv;
  for (const PositionScore& p : positions)
    csv += fmt::format("{},{},{},{},{},{},{}\n", csv_cell(label), p.begin, p.end, p.count, p.mean, p.low,
                       p.high);
  return csv;
}

}  // namespace film::report

#pragma once
// What the figures by position share: texts, rows of the CSV, and the runs of bins a curve is drawn through.
#include <string>
#include <vector>

#include "film/records/scores.h"

namespace film::report {

constexpr double kCurveWidth = 460, kCurveLeft = 44, kCurveRight = 438;  // of the view box
constexpr int kLegendColumns = 24;

// The middle of a bin in percent of the context.
double centre(const PositionScore& p);
// "after: 12.3 [10.1, 14.5] at depth 0 to 10 % (n = 20)".
std::string curve_tip(const std::string& label, const PositionScore& p, bool difference);
// Runs of bins that hold at least so many: an empty bin breaks the curve instead of drawing it to zero.
std::vector<std::vector<PositionScore>> curve_runs(const std::vector<PositionScore>& positions,
                                                   std::uint64_t least = 1);

// How far mark `number` of the `series` that share a bin is from its middle, in units of the view box.
double dodged(std::size_t number, std::size_t bins, std::size_t series);

constexpr const char* kCurveCsvHeader = "series,begin,end,count,mean,low,high\n";
std::string curve_csv_rows(const std::string& label, const std::vector<PositionScore>& positions);

}  // namespace film::report

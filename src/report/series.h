#pragma once
// How the curve of one model is told from those of others: colour and dash by CSS class, shape of the marker.
#include <cstddef>
#include <string>

namespace film::report {

// Classes with a colour of their own; later models repeat the colours with a finer dash and another marker.
constexpr std::size_t kSeriesColours = 6;
constexpr std::size_t kMarkerShapes = 5;  // circle, diamond, square, triangle up, triangle down

inline std::string series(std::size_t model) {
  return "s" + std::to_string(model % kSeriesColours) + (model < kSeriesColours ? "" : " again");
}

inline int marker_shape(std::size_t model) { return static_cast<int>(model % kMarkerShapes); }

}  // namespace film::report

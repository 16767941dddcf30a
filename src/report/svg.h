#pragma once
// A small SVG writer. Colours and weights come from CSS classes (figure_css), so a page can follow light,
// dark and print; coordinates are in a fixed view box with at most two decimals, so bytes do not depend
// on the machine.
#include <string>
#include <vector>

#include "axis.h"

namespace film::report {

struct Point {
  double x, y;
};

class Svg {
 public:
  // Title and description are what a screen reader says. No ids: figures of any names can share a page.
  Svg(double width, double height, const std::string& title, const std::string& description);

  void line(Point a, Point b, const std::string& css);
  void path(const std::vector<Point>& points, const std::string& css, bool closed = false);
  void rect(Point corner, double width, double height, const std::string& css, const std::string& tip = "");
  // shape: 0 circle, 1 diamond, 2 square, 3 triangle, 4 triangle on its tip.
  void marker(Point at, int shape, const std::string& css, const std::string& tip = "");
  // anchor: "start", "middle" or "end".
  void text(Point at, const std::string& words, const std::string& anchor, const std::string& css);
  std::string finish() const;  // the whole <svg> element

  double width() const { return width_; }
  double height() const { return height_; }

 private:
  std::string body_;
  double width_, height_;
};

// A rectangle of the view box with an axis on two sides.
struct Plot {
  double left, top, right, bottom;
  Axis x, y;
  Point at(double px, double py) const {
    return {left + x.share(px) * (right - left), bottom - y.share(py) * (bottom - top)};
  }
};

// Space left of a plot that the tick labels of its y axis take.
double tick_margin(const Axis& y);

// Grid lines, tick labels and the names of both axes; `x_suffix` follows x tick labels ("%"). The name of the y axis is
// above the plot, `above` higher than usual.
void draw_axes(Svg& svg, const Plot& plot, const std::string& x_name, const std::string& y_name,
               const std::string& x_suffix = "", double above = 0);

}  // namespace film::report

#include "svg.h"

#include <fmt/format.h>

#include <algorithm>

#include "numbers.h"

namespace film::report {
namespace {

std::string num(double value) {
  std::string text = fixed(value, 2);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string with_tip(const std::string& element, const std::string& attributes, const std::string& tip) {
  if (tip.empty()) return "<" + element + attributes + "/>\n";
  return "<" + element + attributes + "><title>" + escaped(tip) + "</title></" + element + ">\n";
}

// Of a marker around the origin: 1 diamond, 2 square, 3 triangle, 4 triangle on its tip.
std::vector<Point> corners(int shape) {
  constexpr double r = 4.4, side = 3.4;
  if (shape == 2) return {{-side, -side}, {side, -side}, {side, side}, {-side, side}};
  if (shape == 3) return {{0, -r}, {r, side}, {-r, side}};
  if (shape == 4) return {{-r, -side}, {r, -side}, {0, r}};
  return {{0, -r}, {r, 0}, {0, r}, {-r, 0}};
}

}  // namespace

Svg::Svg(double width, double height, const std::string& title, const std::string& description)
    : width_(width), height_(height) {
  body_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\">\n"
      "<title>{}</title>\n<desc>{}</desc>\n",
      num(width), num(height), escaped(title), escaped(description));
}

void Svg::line(Point a, Point b, const std::string& css) {
  body_ += fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", css, num(a.x),
                       num(a.y), num(b.x), num(b.y));
}

void Svg::path(const std::vector<Point>& points, const std::string& css, bool closed) {
  if (points.empty()) return;
  std::string d;
  for (const Point& p : points) d += (d.empty() ? "M" : "L") + num(p.x) + " " + num(p.y);
  body_ += fmt::format("<path class=\"{}\" d=\"{}{}\"/>\n", css, d, closed ? "Z" : "");
}

void Svg::rect(Point corner, double width, double height, const std::string& css, const std::string& tip) {
  body_ += with_tip("rect",
                    fmt::format(" class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", css,
                                num(corner.x), num(corner.y), num(width), num(height)),
                    tip);
}

void Svg::marker(Point at, int shape, const std::string& css, const std::string& tip) {
  if (shape == 0) {
    body_ += with_tip(
        "circle", fmt::format(" class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"3.4\"", css, num(at.x), num(at.y)), tip);
    return;
  }
  std::string d;
  for (const Point& p : corners(shape))
    d += (d.empty() ? "M" : "L") + num(at.x + p.x) + " " + num(at.y + p.y);
  body_ += with_tip("path", fmt::format(" class=\"{}\" d=\"{}Z\"", css, d), tip);
}

void Svg::text(Point at, const std::string& words, const std::string& anchor, const std::string& css) {
  body_ += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n", css, num(at.x),
                       num(at.y), anchor, escaped(words));
}

std::string Svg::finish() const { return body_ + "</svg>\n"; }

namespace {

constexpr double kTickCharacter = 6.7;  // width of a digit at the size of tick labels, with some to spare
constexpr double kTickGap = 7;          // between label and axis

std::string tick_label(const Axis& axis, double tick) {
  return tick_text(tick, axis.logarithmic ? tick : axis.step);
}

}  // namespace

double tick_margin(const Axis& y) {
  std::size_t longest = 0;
  for (const double tick : y.ticks) longest = std::max(longest, characters(tick_label(y, tick)));
  return kTickGap + kTickCharacter * static_cast<double>(longest);
}

void draw_axes(Svg& svg, const Plot& plot, const std::string& x_name, const std::string& y_name,
               const std::string& x_suffix, double above) {
  for (const double tick : plot.y.ticks) {
    const double y = plot.at(plot.x.low, tick).y;
    svg.line({plot.left, y}, {plot.right, y}, "grid");
    svg.text({plot.left - kTickGap, y + 4}, tick_label(plot.y, tick), "end", "tick");
  }
  svg.line({plot.left, plot.bottom}, {plot.right, plot.bottom}, "axis");
  for (const double tick : plot.x.ticks) {
    const double x = plot.at(tick, plot.y.low).x;
    svg.line({x, plot.bottom}, {x, plot.bottom + 4}, "axis");
    svg.text({x, plot.bottom + 17}, tick_label(plot.x, tick) + x_suffix, "middle", "tick");
  }
  // The label of the y axis goes above the axis: no rotated text.
  if (!y_name.empty())
    svg.text({std::max(2.0, plot.left - 30), plot.top - 13 - above}, y_name, "start", "name");
  if (!x_name.empty()) svg.text({plot.right, plot.bottom + 34}, x_name, "end", "name");
}

}  // namespace film::report

#pragma once
// Style sheets. Only what the series of so many models need is in them.
#include <cstddef>
#include <string>

namespace film::report {

// The page: type, layout, tables, dark and print.
std::string page_css(std::size_t models);
// Classes used by svg.h.
std::string figure_css(std::size_t models);
// The same for files of their own: plain values on a ground of this colour.
constexpr const char* kStandaloneGround = "#ffffff";
std::string standalone_css(std::size_t models);
// The custom properties that both use.
std::string light_colours(std::size_t models);

}  // namespace film::report

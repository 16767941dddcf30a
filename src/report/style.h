#pragma once
// Style sheets. Only what `models` series need is in them.
#include <cstddef>
#include <string>

namespace film::report {

std::string page_css(std::size_t models);       // the page: type, layout, tables, dark and print
std::string figure_css(std::size_t models);     // classes used by svg.h; also put into the stand-alone .svg files
std::string light_colours(std::size_t models);  // the custom properties both use

}  // namespace film::report

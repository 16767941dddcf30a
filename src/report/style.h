#pragma once
#include <string>

namespace film::report {

std::string page_css();       // the page: type, layout, tables, dark and print
std::string figure_css();     // classes used by svg.h; also put into the stand-alone .svg files
std::string light_colours();  // the custom properties both use

}  // namespace film::report

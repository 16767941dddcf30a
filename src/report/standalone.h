#pragma once
#include <string>

namespace film::report {

// A figure as a file of its own, for papers: plain colours on white and a size, so that programs take it that know
// neither custom properties nor a style for the ground (librsvg, Inkscape, LaTeX).
std::string standalone(const std::string& svg, std::size_t models);

}  // namespace film::report

#pragma once
// Figures as parts of a page, each with the files behind it.
#include <string>
#include <vector>

#include "figures.h"

namespace film::report {

// `models`: how many series the page has colours for. `below`: a second one under the same heading.
std::string figure_html(const Figure& figure, std::size_t models, const Figure* below = nullptr);

// Side by side below a heading; empty where there is none.
std::string figure_section(const std::string& heading, const std::vector<Figure>& figures,
                           std::size_t models);

}  // namespace film::report

#pragma once
// Numbers and text as the report shows them. Independent of the locale.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/json.h"

namespace film::report {

std::string fixed(double value, int decimals);         // "12.3"; never "-0.0"
std::string signed_fixed(double value, int decimals);  // "+12.3", "−4.0", "0.0" (a true minus sign)
std::string interval_text(double low, double high);    // "[1.2, 3.4]", true minus signs
std::string tick_text(double value,
                      double step);  // shortest text that tells neighbours apart: "0.25", "5e-6", "20k"
std::string escaped(std::string_view text);      // printable (base/terminal.h), for HTML text and attributes
std::size_t characters(std::string_view text);   // of UTF-8
std::string plain(const Json& value);            // strings bare, everything else as one-line JSON
std::string file_name(const std::string& text);  // [a-z0-9_-] only, never empty
std::string short_number(
    const std::string& field);  // a number at four significant digits, other text as it is

}  // namespace film::report

#pragma once
// Results on stdout. What is from outside (names of files and models, texts, settings of others) has no control characters
// and nothing that turns the direction of writing: a terminal shows it, as film/base/terminal.h says.
#include <string_view>

#include "film/base/json.h"

namespace film::cli {

void put_text(std::string_view text);
// As JSON on several lines; the same characters are escapes of JSON, so that programs read what was meant.
void put_json(const Json& value);

}  // namespace film::cli

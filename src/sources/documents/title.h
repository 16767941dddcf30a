#pragma once
// Private to the module: the title in an office document's properties.
#include <string>

#include "zip_archive.h"

namespace film::sources {

// The text of dc:title in that member; empty where there is none.
std::string title_in(ZipArchive& archive, const std::string& member);

}  // namespace film::sources

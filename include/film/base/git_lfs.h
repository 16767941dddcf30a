#pragma once
// What git-lfs leaves in place of a file that it has not fetched: a few lines of text.
#include <string>
#include <string_view>

#include "film/base/error.h"

namespace film {

// Whether a file that begins with `head` is such a pointer.
bool is_lfs_pointer(std::string_view head);
// bad_data: NAME is a pointer; with how to fetch the file.
Error lfs_pointer_error(const std::string& name);

}  // namespace film

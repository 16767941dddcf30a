#include "film/base/git_lfs.h"

namespace film {

bool is_lfs_pointer(std::string_view head) {
  return head.starts_with("version https://git-lfs.github.com/spec/");
}

Error lfs_pointer_error(const std::string& name) {
  return bad_data(name + " is a git-lfs pointer, not the file itself",
                  "fetch it with `git lfs pull`, then run the same command again");
}

}  // namespace film

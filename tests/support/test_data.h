#pragma once
// Where data/ is: beside the sources, or where FILM_TEST_DATA_DIR says on a machine that did not build the tests.
#include <cstdlib>

#include "film/base/files.h"

namespace film::support {

inline fs::path test_data() {
  const char* given = std::getenv("FILM_TEST_DATA_DIR");
  return given != nullptr ? fs::path(given) : fs::path(FILM_TEST_DATA);
}

// The small tokenizer there: 768 pieces.
inline fs::path small_model() { return test_data() / "tokenizer/small.model"; }

}  // namespace film::support

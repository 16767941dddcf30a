#pragma once
// Random words, numbers and names.
#include <set>
#include <string>

#include "film/base/random.h"

namespace film::benchmarks {

std::string random_key(Random& random);     // "amber-anvil": one of about a hundred thousand
std::string random_number(Random& random);  // of seven digits
std::string random_uuid(Random& random);    // of version 4
// `count` letters; first: 'a' or 'A'.
std::string random_letters(Random& random, std::size_t count, char first);

// One that is not among `taken`, and is from now on. `draw` has many more values than are taken.
template <class Draw>
std::string fresh(std::set<std::string>& taken, Draw draw) {
  std::string text = draw();
  while (!taken.insert(text).second) text = draw();
  return text;
}

}  // namespace film::benchmarks

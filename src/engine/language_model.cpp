#include "film/engine/language_model.h"

#include <fmt/format.h>

#include "film/base/error.h"

namespace film::engine {

void Sampling::check() const {
  if (!(temperature >= 0))
    throw config_error(fmt::format("temperature is {}, expected 0 or more", temperature),
                       "0 is greedy decoding");
  if (!(top_p > 0 && top_p <= 1))
    throw config_error(fmt::format("top_p is {}, expected more than 0 and at most 1", top_p),
                       "1 draws from all ids");
}

}  // namespace film::engine

#include "film/records/run_facts.h"

namespace film {

FILM_DEFINE_JSON(TrainFacts);
FILM_DEFINE_JSON(EvalFacts);

}  // namespace film

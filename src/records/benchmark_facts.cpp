#include "film/records/benchmark_facts.h"

namespace film {

FILM_DEFINE_JSON(BenchmarkFacts);

}  // namespace film

#include "film/records/qa_facts.h"

namespace film {

FILM_DEFINE_JSON(QaFacts);

}  // namespace film

#include "film/records/export_facts.h"

namespace film {

FILM_DEFINE_JSON(ExportFacts);

}  // namespace film

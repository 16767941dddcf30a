#include "film/records/conversation.h"

namespace film {

FILM_DEFINE_JSON(Conversation);
FILM_DEFINE_JSON(GeneralFacts);

}  // namespace film

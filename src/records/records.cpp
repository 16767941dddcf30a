#include "film/records/records.h"

#include "film/records/agreement.h"
#include "film/records/length_table.h"
#include "film/records/pairs.h"
#include "film/records/run_facts.h"
#include "film/records/scores.h"
#include "film/records/synth_facts.h"

namespace film {

FILM_DEFINE_JSON(DocumentInfo);
FILM_DEFINE_JSON(Needle);
FILM_DEFINE_JSON(Context);
FILM_DEFINE_JSON(Example);
FILM_DEFINE_JSON(Prediction);
FILM_DEFINE_JSON(Score);
FILM_DEFINE_JSON(ModelScores);
FILM_DEFINE_JSON(Comparison);
FILM_DEFINE_JSON(PairDifference);
FILM_DEFINE_JSON(Agreement);
FILM_DEFINE_JSON(LengthTable);
FILM_DEFINE_JSON(SynthFacts);
FILM_DEFINE_JSON(ShardFacts);
FILM_DEFINE_JSON(TrainFacts);
FILM_DEFINE_JSON(EvalFacts);

}  // namespace film

#pragma once
// Settings that follow from other inputs: the tokenizer of the model or the data, the prompt a run was trained with.
#include <string>
#include <vector>

#include "film/base/settings.h"

namespace film::cli {

// Gives `tokenizer` a value where it has none, and says which: that of the first model folder that holds one, that of
// the first DATA folder, or FILM_TOKENIZER. Nothing changes where none of them names one.
void choose_tokenizer(Fields& fields, const std::vector<std::string>& models,
                      const std::vector<std::string>& data);

// Gives `prompt` the template that the runs of film train among `models` were trained with; warns where another was
// asked for. Throws config_error: they were trained with different ones and none was asked for.
void choose_prompt(Fields& fields, const std::vector<std::string>& models);

// Where `model_folder` is a run of film train, its last checkpoint takes its place, and says so. Throws no_input: the run is
// not finished.
void choose_start(Fields& fields);

}  // namespace film::cli

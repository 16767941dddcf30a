#pragma once
// Private to the module: README.md, what a data hub shows of the set, and dataset_info.json.
#include "film/exports/export.h"

namespace film::exports {

// Markdown with a YAML head that names the files of each split.
std::string card(const ExportSettings& settings, const SynthFacts& made, const ExportFacts& facts);

// How LLaMA-Factory reads the files of form messages.
Json llama_factory_info(const ExportSettings& settings, const ExportFacts& facts);

}  // namespace film::exports

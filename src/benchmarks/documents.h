#pragma once
// RULER's question answering: the documents of a question among those of others.
#include <memory>

#include "film/base/files.h"
#include "sample.h"

namespace film::benchmarks {

struct Asked {
  std::string question;
  std::vector<std::string> answers;
  std::vector<std::uint32_t> gold, near;  // documents that belong to it, and those of the same article
};

struct Reading {
  std::vector<std::string> documents;  // each once
  std::vector<Asked> questions;        // in the order of the file
};

// Files as their authors publish them. Throws no_input, bad_data.
Reading read_squad(const fs::path& file);     // dev-v2.0.json; questions without an answer are left out
Reading read_hotpotqa(const fs::path& file);  // hotpot_dev_distractor_v1.json

// Sample i asks question i. Where a question has one document of its own, its place is balanced over samples.
std::unique_ptr<SampleMaker> make_documents(Reading reading);

}  // namespace film::benchmarks

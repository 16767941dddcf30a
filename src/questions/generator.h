#pragma once
// The seam between `film qa` and those who write its questions: offline/, endpoint/, import/.
#include <memory>
#include <string>

#include "film/questions/settings.h"
#include "question_files.h"
#include "source.h"

namespace film::questions {

class Generator {
 public:
  virtual ~Generator() = default;
  // What a resumed run must agree on besides its settings, e.g. hashes of files.
  virtual Json identity() const = 0;
  // Asks about the contexts of `source` and writes `out` in their order, the same bytes for any number of
  // threads. Adds what only this generator knows to `facts`. Throws stopped, io_error.
  virtual void write(const Source& source, QuestionFiles& out, QaFacts& facts) = 0;
  // The remedy when not one question was kept.
  virtual std::string advice(const Tally& tally) const = 0;
};

// The generator that settings.generator names. It keeps a reference to `settings`. Throws no_input and
// config_error for a file that it needs.
std::unique_ptr<Generator> make_generator(const QaSettings& settings);

}  // namespace film::questions

#include "generator.h"

#include "endpoint/generator.h"
#include "film/base/error.h"
#include "import/generator.h"
#include "offline/generator.h"

namespace film::questions {

std::unique_ptr<Generator> make_generator(const QaSettings& settings) {
  switch (settings.generator) {
    case GeneratorKind::offline:
      return std::make_unique<OfflineGenerator>(settings);
    case GeneratorKind::endpoint:
      return std::make_unique<EndpointGenerator>(settings);
    case GeneratorKind::import:
      return std::make_unique<ImportGenerator>(settings);
  }
  throw internal_error("no generator for this kind");
}

}  // namespace film::questions

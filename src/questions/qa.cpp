#include "film/questions/qa.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "generator.h"

namespace film::questions {
namespace {

// What a resumed run must agree on besides the settings.
Json inputs(const std::string& data, std::uint64_t limit, const Generator& generator) {
  Json all = {{"data", data}, {"limit", limit}};
  all.update(generator.identity());
  return all;
}

Source open_source(const folders::DataFolder& data, const QaSettings& settings, std::uint64_t limit) {
  const std::uint64_t all = data.contexts().size();
  return {data, data.tokenizer(settings.tokenizer), limit > 0 ? std::min(limit, all) : all};
}

}  // namespace

QaFacts write_questions(const folders::DataFolder& data, const QaSettings& settings,
                        const OutputRequest& output, std::uint64_t limit) {
  settings.check();
  const std::unique_ptr<Generator> generator = make_generator(settings);
  const Source source = open_source(data, settings, limit);
  QaFacts facts;
  facts.seed = settings.seed;
  facts.generator = name_of(settings.generator);
  facts.data = data.identity();
  OutputFolder folder(output);
  folder.bind_inputs(inputs(facts.data, limit, *generator));
  if (folder.finished()) {
    info(output.path.string() + " is finished already; nothing to do");
    return from_json<QaFacts>(folder.manifest(), (output.path / "manifest.json").string());
  }
  QuestionFiles files(output.path);
  generator->write(source, files, facts);
  // Committed even when nothing was kept: the rejected ones tell why.
  const std::vector<fs::path> written = files.finish();
  const Tally& tally = files.tally();
  if (tally.kept() == 0)
    throw bad_data("not one question was kept: " + tally.reasons_text(), generator->advice(tally));
  facts.counts = tally.counts();
  folder.finish(written, to_json(facts));
  return facts;
}

}  // namespace film::questions

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

Json write_questions(const folders::DataFolder& data, const QaSettings& settings, const Fields& fields,
                     const fs::path& out, std::uint64_t limit) {
  settings.check();
  const std::unique_ptr<Generator> generator = make_generator(settings);
  const Source source = open_source(data, settings, limit);
  QaFacts facts{settings.seed, name_of(settings.generator), data.identity(), {}, {}, {}, {}, {}};
  OutputFolder folder(out, "qa", fields, inputs(facts.data, limit, *generator));
  if (folder.finished()) {
    info(out.string() + " is finished already; nothing to do");
    return folder.manifest();
  }
  QuestionFiles files(out);
  generator->write(source, files, facts);
  // Committed even when nothing was kept: the rejected ones tell why.
  const std::vector<fs::path> written = files.finish();
  if (files.tally().kept() == 0)
    throw bad_data("not one question was kept: " + files.tally().reasons_text(),
                   generator->advice(files.tally()));
  facts.counts = files.tally().counts();
  folder.finish(written, to_json(facts));
  return folder.manifest();
}

}  // namespace film::questions

#include "opening.h"

#include <algorithm>

#include "answer_cache.h"
#include "film/answers/endpoint_answerer.h"
#include "film/answers/local_answerer.h"
#include "film/base/error.h"
#include "film/engine/engine.h"
#include "film/engine/model_config.h"
#include "film/folders/model_folder.h"
#include "film/tasks/build.h"
#include "given.h"

namespace film::evaluation {

namespace {

Error no_tokenizer_named() {
  return config_error("no tokenizer given",
                      "contexts are measured in tokens: --set tokenizer=FILE of a .model");
}

}  // namespace

std::optional<text::Tokenizer> measuring_tokenizer(const std::vector<Candidate>& models,
                                                   const Settings& settings, const tasks::Catalog& catalog) {
  if (!settings.tokenizer.empty()) return text::Tokenizer::load(settings.tokenizer);
  for (auto model = models.rbegin(); model != models.rend(); ++model)
    if (!model->folder.empty())
      return text::Tokenizer::load(folders::ModelFolder(model->folder).required_tokenizer());
  const bool prompts = !all_given(models);
  const bool measured = std::ranges::any_of(settings.tasks.tasks, [&](const std::string& name) {
    return tasks::needs_tokenizer(name, catalog, prompts);
  });
  if (measured) throw no_tokenizer_named();
  return {};
}

std::unique_ptr<answers::Answerer> Opening::operator()(const Candidate& model, RunOptions& options,
                                                       const Manner& manner) const {
  if (model.endpoint) {
    options.across_contexts = true;
    return std::make_unique<answers::EndpointAnswerer>(*model.endpoint, folder_ / manner.journal, measuring_);
  }
  const text::Tokenizer own = tokenizer_of(model);
  engine::require_vocabulary(engine::model_config_from_hugging_face(model.folder / "config.json"), own);
  options.ids_fit = !measuring_ || own.sha256() == measuring_->sha256();
  auto opened = engine::library().open_model({.folder = model.folder,
                                              .device = settings_.device,
                                              .precision = settings_.precision,
                                              .threads = static_cast<int>(settings_.threads),
                                              .memory_limit = memory_limit_bytes(settings_),
                                              .yarn_factor = manner.yarn_factor});
  auto model_here =
      std::make_unique<answers::LocalAnswerer>(std::move(opened), own, text::prompt_template(manner.prompt));
  if (settings_.cache.empty()) return model_here;
  return std::make_unique<CachedAnswerer>(std::move(model_here), cache_of(model, own, manner));
}

// Answers depend on the weights, the tokenizer, the template and how sums are made.
fs::path Opening::cache_of(const Candidate& model, const text::Tokenizer& own, const Manner& manner) const {
  const Json asked = {folders::ModelFolder(model.folder).hashes(),
                      own.sha256(),
                      name_of(manner.prompt),
                      name_of(settings_.device),
                      name_of(settings_.precision),
                      manner.yarn_factor};
  return fs::path(settings_.cache) / sha256(to_line(asked));
}

text::Tokenizer Opening::tokenizer_of(const Candidate& model) const {
  const fs::path own = model.folder / "tokenizer.model";
  const bool measures = measuring_ && measuring_->path() == own;
  if (settings_.tokenizer.empty() && !measures && fs::exists(own)) return text::Tokenizer::load(own);
  if (!measuring_) throw no_tokenizer_named();
  return *measuring_;
}

}  // namespace film::evaluation

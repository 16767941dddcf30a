#include "film/evaluation/evaluation.h"

#include <algorithm>
#include <map>

#include "answer_cache.h"
#include "film/answers/endpoint_answerer.h"
#include "film/answers/local_answerer.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/engine/engine.h"
#include "film/engine/model_config.h"
#include "film/engine/yarn.h"
#include "film/folders/eval_folder.h"
#include "film/folders/model_folder.h"
#include "film/scores/pairs.h"
#include "film/scores/summary.h"
#include "film/tasks/build.h"
#include "given.h"
#include "measuring.h"
#include "predictions.h"
#include "questions_file.h"
#include "samples.h"

namespace film::evaluation {
namespace {

class Evaluation {
 public:
  Evaluation(const std::vector<Candidate>& models, const Settings& settings, const fs::path& folder,
             std::uint64_t limit)
      : models_(models),
        settings_(settings),
        folder_(folder),
        limit_(limit),
        catalog_(settings.tasks.task_folders),
        given_(read_given()),
        tokenizer_(find_tokenizer()),
        tasks_(build_tasks()),
        summing_(settings.scores) {
    summing_.seed = settings.tasks.seed;
  }

  Results operator()() {
    Results results;
    std::vector<std::vector<std::vector<Prediction>>> predictions;  // by model, then by task
    for (std::size_t m = 0; m < models_.size(); ++m) {
      predictions.emplace_back();
      const auto score = models_[m].outputs.empty() ? &Evaluation::ask : &Evaluation::take;
      results.models.push_back((this->*score)(m, predictions.back(), results.files));
    }
    for (std::size_t t = 0; t < tasks_.size(); ++t)
      for (std::size_t m = 1; m < models_.size(); ++m)
        results.comparisons.push_back(scores::compare(tasks_[t], predictions[0][t], predictions[m][t],
                                                      models_[0].label, models_[m].label, summing_));
    add_pairs(results, predictions);
    add_samples(results, predictions);
    results.tokenizer = tokenizer_;
    return results;
  }

  std::vector<ModelPlan> plans() const {
    std::vector<ModelPlan> plans;
    for (const Candidate& model : models_) {
      if (model.folder.empty()) continue;
      RunOptions options = options_of(model);
      const text::Tokenizer own = tokenizer_of(model);
      options.ids_fit = !tokenizer_ || own.sha256() == tokenizer_->sha256();
      const engine::AskingShape shape =
          measured(tasks_, options, own, text::prompt_template(settings_.prompt));
      plans.push_back(plan_of(model, shape));
    }
    return plans;
  }

  std::uint64_t write_questions(const fs::path& file) const {
    return write_task_questions(tasks_, options_of({}), file);
  }

 private:
  void add_pairs(Results& results,
                 const std::vector<std::vector<std::vector<Prediction>>>& predictions) const {
    std::vector<std::string> labels;
    for (const Candidate& model : models_) labels.push_back(model.label);
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      std::vector<std::vector<Prediction>> of_task;
      for (const auto& of_model : predictions) of_task.push_back(of_model[t]);
      const auto pairs = scores::pair_differences(tasks_[t], of_task, labels, summing_);
      results.pairs.insert(results.pairs.end(), pairs.begin(), pairs.end());
    }
    scores::correct(results.pairs);
  }

  ModelPlan plan_of(const Candidate& model, const engine::AskingShape& shape) const {
    const engine::MemoryBytes bytes = engine::library().memory(settings_.device);
    ModelPlan plan{model.label, {}, bytes.taken + bytes.free, bytes.kind};
    if (settings_.memory_limit > 0) plan.limit = memory_limit_bytes(settings_);
    const engine::ModelConfig config =
        engine::config_with_yarn(model.folder / "config.json", settings_.yarn_factor);
    plan.plan = engine::plan_asking(config, settings_.precision, shape, plan.limit, bytes.taken, bytes.kind);
    return plan;
  }

  void add_samples(Results& results,
                   const std::vector<std::vector<std::vector<Prediction>>>& predictions) const {
    std::string lines;
    for (std::size_t t = 0; t < tasks_.size(); ++t)
      for (std::size_t m = 0; m < models_.size(); ++m)
        for (AnswerSample& sample : samples_of(tasks_[t], predictions[m][t], models_[m].label)) {
          lines += to_line(to_json(sample)) + "\n";
          results.samples.push_back(std::move(sample));
        }
    write_file(folder_ / folders::kSamplesFile, lines);
    results.files.emplace_back(folders::kSamplesFile);
  }

  // All tasks to one model.
  ModelScores ask(std::size_t m, std::vector<std::vector<Prediction>>& predictions,
                  std::vector<fs::path>& files) const {
    RunOptions options = options_of(models_[m]);
    const auto answerer = open(models_[m], options);
    ModelScores scores{models_[m].label, answerer->describe(), {}};
    for (const tasks::Task& task : tasks_) {
      predictions.push_back(run_task(task, *answerer, options));
      add_score(task, predictions.back(), options, scores, files);
    }
    return scores;
  }

  // The same of a model that was asked elsewhere.
  ModelScores take(std::size_t m, std::vector<std::vector<Prediction>>& predictions,
                   std::vector<fs::path>& files) const {
    RunOptions options = options_of(models_[m]);
    options.across_contexts = true;
    options.asked = false;
    std::string names;
    for (const fs::path& file : models_[m].outputs)
      names += (names.empty() ? "" : ", ") + file.filename().string();
    ModelScores scores{models_[m].label, "outputs made elsewhere: " + names, {}};
    auto answers = given_.at(m).answers_to(tasks_);
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      GivenAnswerer answerer(std::move(answers[t]), scores.description);
      predictions.push_back(run_task(tasks_[t], answerer, options));
      add_score(tasks_[t], predictions.back(), options, scores, files);
    }
    return scores;
  }

  RunOptions options_of(const Candidate& model) const {
    RunOptions options{folder_, model.label, settings_.questions_per_call, limit_};
    options.unscored_limit = settings_.unscored_limit;
    return options;
  }

  void add_score(const tasks::Task& task, const std::vector<Prediction>& predictions,
                 const RunOptions& options, ModelScores& scores, std::vector<fs::path>& files) const {
    scores.scores.push_back(scores::summarise(task, predictions, summing_));
    files.push_back(fs::relative(predictions_path(options, task.name), folder_));
    say_states(task, scores.scores.back());
  }

  // Of the models that were asked elsewhere, by number of the model.
  std::map<std::size_t, GivenOutputs> read_given() const {
    std::map<std::size_t, GivenOutputs> given;
    for (std::size_t m = 0; m < models_.size(); ++m)
      if (!models_[m].outputs.empty()) given.try_emplace(m, models_[m], settings_, catalog_);
    return given;
  }

  static void say_states(const tasks::Task& task, const Score& score) {
    if (!score.notes.contains("answers")) return;
    std::string text;
    for (const auto& [state, count] : score.notes["answers"].items())
      text += (text.empty() ? "" : ", ") + state + " " + to_line(count);
    warn(task.name + ": of " + std::to_string(task.item_count()) + " answers: " + text +
         (score.notes["answers"].contains("cut") ? "; those cut off at max_new_tokens are scored as they are"
                                                 : ""));
  }

  // A model that runs here, or one behind an endpoint, whose answers are journalled: none is paid for twice.
  std::unique_ptr<answers::Answerer> open(const Candidate& model, RunOptions& options) const {
    if (model.endpoint) {
      options.across_contexts = true;
      return std::make_unique<answers::EndpointAnswerer>(*model.endpoint, folder_ / "journal.jsonl",
                                                         tokenizer_);
    }
    const text::Tokenizer own = tokenizer_of(model);
    engine::require_vocabulary(engine::model_config_from_hugging_face(model.folder / "config.json"), own);
    options.ids_fit = !tokenizer_ || own.sha256() == tokenizer_->sha256();
    auto opened = engine::library().open_model({.folder = model.folder,
                                                .device = settings_.device,
                                                .precision = settings_.precision,
                                                .threads = static_cast<int>(settings_.threads),
                                                .memory_limit = memory_limit_bytes(settings_),
                                                .yarn_factor = settings_.yarn_factor});
    auto model_here = std::make_unique<answers::LocalAnswerer>(std::move(opened), own,
                                                               text::prompt_template(settings_.prompt));
    if (settings_.cache.empty()) return model_here;
    return std::make_unique<CachedAnswerer>(std::move(model_here), cache_of(model, own));
  }

  // Answers depend on the weights, the tokenizer, the template and how sums are made.
  fs::path cache_of(const Candidate& model, const text::Tokenizer& own) const {
    const Json asked = {folders::ModelFolder(model.folder).hashes(),
                        own.sha256(),
                        name_of(settings_.prompt),
                        name_of(settings_.device),
                        name_of(settings_.precision),
                        settings_.yarn_factor};
    return fs::path(settings_.cache) / sha256(to_line(asked));
  }

  // Every model its own tokenizer, unless one is named for all.
  text::Tokenizer tokenizer_of(const Candidate& model) const {
    const fs::path own = model.folder / "tokenizer.model";
    if (settings_.tokenizer.empty() && fs::exists(own)) return text::Tokenizer::load(own);
    if (!tokenizer_) throw no_tokenizer();
    return *tokenizer_;
  }

  static Error no_tokenizer() {
    return config_error("no tokenizer given",
                        "contexts are measured in tokens: --set tokenizer=FILE of a .model");
  }

  // The one that contexts are measured with: the one named, or that of the last model with a folder.
  std::optional<text::Tokenizer> find_tokenizer() const {
    if (!settings_.tokenizer.empty()) return text::Tokenizer::load(settings_.tokenizer);
    for (auto model = models_.rbegin(); model != models_.rend(); ++model)
      if (!model->folder.empty())
        return text::Tokenizer::load(folders::ModelFolder(model->folder).required_tokenizer());
    const auto& names = settings_.tasks.tasks;
    const bool prompts = !all_given(models_);
    if (std::any_of(names.begin(), names.end(),
                    [&](const std::string& name) { return tasks::needs_tokenizer(name, catalog_, prompts); }))
      throw no_tokenizer();
    return {};
  }

  std::vector<tasks::Task> build_tasks() const {
    tasks::BuildInput input{.settings = settings_.tasks, .tokenizer = tokenizer_};
    if (tokenizer_) input.tokens = tasks::line_tokens(*tokenizer_);
    const auto& names = settings_.tasks.tasks;
    const auto asks_data = [&](const std::string& name) { return tasks::needs_data(name, settings_.tasks); };
    if (std::any_of(names.begin(), names.end(), asks_data))
      input.held_out = tasks::held_out(settings_.data, settings_.split, *tokenizer_);
    std::vector<tasks::Task> list;
    input.answers_only = all_given(models_);
    for (const std::string& name : names) {
      if (input.answers_only && !given_.empty()) input.given = given_.begin()->second.questions_of(name);
      list.push_back(tasks::build_task(name, catalog_, input));
    }
    return list;
  }

  const std::vector<Candidate>& models_;
  const Settings& settings_;
  fs::path folder_;
  std::uint64_t limit_;
  tasks::Catalog catalog_;
  std::map<std::size_t, GivenOutputs> given_;
  std::optional<text::Tokenizer> tokenizer_;
  std::vector<tasks::Task> tasks_;
  scores::Settings summing_;
};

}  // namespace

Results evaluate(const std::vector<Candidate>& models, const Settings& settings, const fs::path& folder,
                 std::uint64_t limit) {
  return Evaluation(models, settings, folder, limit)();
}

std::vector<ModelPlan> plan_memory(const std::vector<Candidate>& models, const Settings& settings,
                                   std::uint64_t limit) {
  return Evaluation(models, settings, {}, limit).plans();
}

std::uint64_t write_questions(const Settings& settings, const fs::path& file, std::uint64_t limit) {
  return Evaluation({}, settings, {}, limit).write_questions(file);
}

}  // namespace film::evaluation

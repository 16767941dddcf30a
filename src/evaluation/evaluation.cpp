#include "film/evaluation/evaluation.h"

#include <algorithm>
#include <map>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/engine/engine.h"
#include "film/engine/model_config.h"
#include "film/engine/yarn.h"
#include "film/folders/eval_folder.h"
#include "film/folders/model_folder.h"
#include "film/scores/lengths.h"
#include "film/scores/pairs.h"
#include "film/scores/summary.h"
#include "film/tasks/build.h"
#include "given.h"
#include "human_verdicts.h"
#include "judging.h"
#include "measuring.h"
#include "opening.h"
#include "predictions.h"
#include "questions_file.h"
#include "samples.h"

namespace film::evaluation {
namespace {

using AllPredictions = std::vector<std::vector<std::vector<Prediction>>>;  // by model, then by task

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
        tokenizer_(measuring_tokenizer(models_, settings_, catalog_)),
        opening_(settings_, folder_, tokenizer_),
        tasks_(build_tasks()),
        judged_(judged_tasks(tasks_, settings.judge)),
        summing_(settings.scores) {
    read_people();
    summing_.seed = settings.tasks.seed;
  }

  Results operator()() {
    Results results;
    AllPredictions predictions;
    for (std::size_t m = 0; m < models_.size(); ++m) {
      predictions.emplace_back();
      const auto score = models_[m].outputs.empty() ? &Evaluation::ask : &Evaluation::take;
      results.models.push_back((this->*score)(m, predictions.back(), results.files));
    }
    if (!judged_.empty()) judge(results, predictions);
    for (std::size_t t = 0; t < tasks_.size(); ++t)
      for (std::size_t m = 1; m < models_.size(); ++m)
        results.comparisons.push_back(scores::compare(tasks_[t], predictions[0][t], predictions[m][t],
                                                      models_[0].label, models_[m].label, summing_));
    for (std::size_t m = 0; m < models_.size(); ++m)
      for (LengthTable& table : scores::length_tables(tasks_, predictions[m], models_[m].label, summing_))
        results.lengths.push_back(std::move(table));
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
      const text::Tokenizer own = opening_.tokenizer_of(model);
      options.ids_fit = !tokenizer_ || own.sha256() == tokenizer_->sha256();
      const engine::AskingShape shape =
          measured(tasks_, options, own, text::prompt_template(settings_.prompt));
      plans.push_back(plan_of(model, shape, settings_.yarn_factor));
    }
    if (!judged_.empty() && !settings_.judge.model.empty()) plans.push_back(plan_of_judge());
    return plans;
  }

  std::uint64_t write_questions(const fs::path& file) const {
    return write_task_questions(tasks_, options_of({}), file);
  }

 private:
  void add_pairs(Results& results, const AllPredictions& predictions) const {
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      std::vector<std::vector<Prediction>> of_task;
      for (const auto& of_model : predictions) of_task.push_back(of_model[t]);
      const auto pairs = scores::pair_differences(tasks_[t], of_task, labels(), summing_);
      results.pairs.insert(results.pairs.end(), pairs.begin(), pairs.end());
    }
    scores::correct(results.pairs);
  }

  // Every answer to the tasks that have a rubric, as tasks of their own behind the others.
  void judge(Results& results, AllPredictions& predictions) {
    RunOptions options = options_of({"judge", settings_.judge.model, {}});
    const auto judge = open_judge(options);
    warn_of_own_judge();
    for (const Judged& judged : judged_) {
      tasks::Task frame = task_of_judge(tasks_[judged.task], judged.rubric);
      StrictJudge strict(*judge, judged.rubric);
      for (std::size_t m = 0; m < models_.size(); ++m) {
        options.label = models_[m].label;
        asked_of_judge_[m].push_back(
            task_of_judge(tasks_[judged.task], judged.rubric, &predictions[m][judged.task]));
        predictions[m].push_back(run_task(asked_of_judge_[m].back(), strict, options));
        frame.notes["judge"] = judge->describe();
        add_score(frame, predictions[m].back(), options, results.models[m], results.files);
      }
      if (people_) add_agreements(judged, predictions, results.agreements);
      tasks_.push_back(std::move(frame));
    }
    if (people_) people_->finish();
  }

  // What people said, before anything is asked: it may be of no use.
  void read_people() {
    if (settings_.judge.human.empty()) return;
    people_.emplace(settings_.judge.human);
    if (!models_.empty()) people_->check(tasks_, judged_, labels(), limit_);
  }

  void add_agreements(const Judged& judged, const AllPredictions& predictions, std::vector<Agreement>& list) {
    std::vector<HumanVerdicts::Answers> answers;
    for (std::size_t m = 0; m < models_.size(); ++m)
      answers.push_back({models_[m].label, predictions[m].back()});
    const auto found = people_->agreements(tasks_[judged.task].name, judged.rubric, answers);
    list.insert(list.end(), found.begin(), found.end());
  }

  std::vector<std::string> labels() const {
    std::vector<std::string> list;
    for (const Candidate& model : models_) list.push_back(model.label);
    return list;
  }

  // Models prefer their own answers (arXiv 2306.05685).
  void warn_of_own_judge() const {
    const JudgeSettings& judge = settings_.judge;
    for (const Candidate& model : models_) {
      const bool same = model.endpoint ? model.endpoint->model == judge.endpoint.model
                                       : !model.folder.empty() && model.folder == judge.model;
      if (same) warn("the judge is the model " + model.label + " itself: take one of another family");
    }
  }

  // A task as the model was asked it: of those that a judge read, with its answers.
  const tasks::Task& asked_of(std::size_t m, std::size_t t) const {
    const std::size_t first = tasks_.size() - judged_.size();
    return t < first ? tasks_[t] : asked_of_judge_.at(m)[t - first];
  }

  std::unique_ptr<answers::Answerer> open_judge(RunOptions& options) const {
    const JudgeSettings& judge = settings_.judge;
    Candidate candidate{"judge", judge.model};
    if (judge.model.empty()) candidate.endpoint = judge.endpoint;
    return opening_(candidate, options, {judge.prompt, 1, "journal.judge.jsonl"});
  }

  // What it would be asked about empty answers, and the longest that one may become.
  ModelPlan plan_of_judge() const {
    const Candidate judge{"judge", settings_.judge.model};
    const text::Tokenizer own = opening_.tokenizer_of(judge);
    std::vector<tasks::Task> asked;
    std::int64_t longest = 0;
    for (const auto& [number, rubric] : judged_) {
      asked.push_back(task_of_judge_unanswered(tasks_[number], rubric));
      if (!all_given(models_))
        longest = std::max<std::int64_t>(longest, tasks_[number].decoding.max_new_tokens);
    }
    for (const auto& [model, outputs] : given_)
      longest = std::max(longest, longest_output(outputs.answers_to(tasks_), own));
    engine::AskingShape shape =
        measured(asked, options_of(judge), own, text::prompt_template(settings_.judge.prompt));
    shape.question += longest;
    return plan_of(judge, shape, 1);
  }

  // Tokens of the longest answer to a task that is judged.
  std::int64_t longest_output(const std::vector<std::vector<answers::Answer>>& answers,
                              const text::Tokenizer& tokenizer) const {
    std::size_t longest = 0;
    for (const Judged& judged : judged_)
      for (const answers::Answer& answer : answers[judged.task])
        longest = std::max(longest, tokenizer.encode(answer.text).size());
    return static_cast<std::int64_t>(longest);
  }

  ModelPlan plan_of(const Candidate& model, const engine::AskingShape& shape, double yarn_factor) const {
    const engine::MemoryBytes bytes = engine::library().memory(settings_.device);
    ModelPlan plan{model.label, {}, bytes.taken + bytes.free, bytes.kind};
    if (settings_.memory_limit > 0) plan.limit = memory_limit_bytes(settings_);
    const engine::ModelConfig config = engine::config_with_yarn(model.folder / "config.json", yarn_factor);
    plan.plan = engine::plan_asking(config, settings_.precision, shape, plan.limit, bytes.taken, bytes.kind);
    return plan;
  }

  void add_samples(Results& results, const AllPredictions& predictions) const {
    std::string lines;
    for (std::size_t t = 0; t < tasks_.size(); ++t)
      for (std::size_t m = 0; m < models_.size(); ++m)
        for (AnswerSample& sample : samples_of(asked_of(m, t), predictions[m][t], models_[m].label)) {
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
    const auto answerer = opening_(models_[m], options, {settings_.prompt, settings_.yarn_factor});
    ModelScores scores{models_[m].label, "", {}};
    for (const tasks::Task& task : tasks_) {
      predictions.push_back(run_task(task, *answerer, options));
      add_score(task, predictions.back(), options, scores, files);
    }
    scores.description = answerer->describe();  // behind the questions: how they were sent is known
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

  std::vector<tasks::Task> build_tasks() const {
    tasks::BuildInput input{.settings = settings_.tasks, .tokenizer = tokenizer_};
    if (tokenizer_) input.tokens = tasks::line_tokens(*tokenizer_);
    const auto& names = settings_.tasks.tasks;
    const auto asks_data = [&](const std::string& name) { return tasks::needs_data(name, settings_.tasks); };
    if (std::any_of(names.begin(), names.end(), asks_data))
      input.held_out = tasks::held_out(settings_.data, settings_.split, *tokenizer_);
    std::vector<tasks::Task> list;
    input.answers_only = all_given(models_);
    input.questions = settings_.judge.is_on();
    for (const std::string& name : names) {
      if (input.answers_only && !input.questions && !given_.empty())
        input.given = given_.begin()->second.questions_of(name);
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
  Opening opening_;
  std::vector<tasks::Task> tasks_;  // behind those asked, those of the judge once it has read the answers
  std::vector<Judged> judged_;
  std::map<std::size_t, std::vector<tasks::Task>> asked_of_judge_;  // by model
  std::optional<HumanVerdicts> people_;
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

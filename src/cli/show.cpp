// film show: a context with its evidence marked, its questions; what a model answered.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "command.h"
#include "film/base/as_number.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/folders/open_folder.h"
#include "film/report/data_page.h"
#include "last_words.h"
#include "put.h"
#include "show_answers.h"
#include "show_page.h"

namespace film::cli {
namespace {

struct ShowOptions {
  fs::path folder, html;
  std::string id, task, model, tokenizer;
  std::optional<Split> split;
  std::string split_name;
  bool wrong = false, json = false;
  std::uint64_t limit = 20;
};

bool colour_on_stdout() {
  const char* off = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) != 0 && (off == nullptr || *off == '\0');
}

QuestionsByContext questions_of(const folders::DataFolder& data) {
  QuestionsByContext questions;
  if (!data.has_examples()) return questions;
  for (Example& example : data.examples())
    for (Question& question : example.questions) questions[example.context].push_back(std::move(question));
  return questions;
}

std::uint64_t context_id(const std::string& text) {
  const auto id = as_number<std::uint64_t>(text);
  if (!id)
    throw usage_error("the id of a context is a number, got \"" + text + "\"",
                      "film show DATA lists the contexts with their ids");
  return *id;
}

void write_page(const ShowOptions& options, const std::string& page) {
  write_file(options.html, page);
  say_written(options.html, true, "open " + options.html.string() + " in a browser");
}

void show_context(const folders::DataFolder& data, const ShowOptions& options) {
  const Context& context = data.context(context_id(options.id));
  auto questions = questions_of(data);
  const text::Tokenizer tokenizer = data.tokenizer(options.tokenizer);
  const ShownContext shown{context, data.segment_texts(context, tokenizer), std::move(questions[context.id])};
  if (!options.html.empty())
    write_page(options,
               report::context_page(options.folder.string(),
                                    {context, marked(shown.pieces, context.evidence), shown.questions}));
  else if (options.json)
    put_json(context_json(shown));
  else
    std::fputs(context_text(shown, colour_on_stdout()).c_str(), stdout);
}

void show_data(const folders::DataFolder& data, const ShowOptions& options) {
  write_page(options,
             data_page_of(data, options.folder, questions_of(data), data.tokenizer(options.tokenizer)));
}

void list_contexts(const folders::DataFolder& data, const ShowOptions& options) {
  const auto questions = questions_of(data);
  Json list = Json::array();
  std::uint64_t all = 0, shown = 0;
  for (const Context& context : data.contexts()) {
    if (options.split && context.split != *options.split) continue;
    ++all;
    if (options.limit > 0 && shown >= options.limit) continue;
    ++shown;
    const auto asked = questions.find(context.id);
    const std::size_t count = asked == questions.end() ? 0 : asked->second.size();
    if (options.json)
      list.push_back({{"id", context.id},
                      {"kind", name_of(context.kind)},
                      {"split", name_of(context.split)},
                      {"tokens", context.tokens},
                      {"segments", context.segments.size()},
                      {"questions", count}});
    else
      std::fputs(context_line(context, count).c_str(), stdout);
  }
  if (options.json) put_json(list);
  finish_stdout();
  info(fmt::format("{} of {} contexts; one as text: film show {} ID; more: --limit N (0 = all)", shown, all,
                   options.folder.string()));
}

void show_answers(const ShowOptions& options) {
  std::vector<ShownAnswer> answers =
      find_answers(options.folder, {options.id, options.task, options.model, options.wrong});
  if (answers.empty() && !options.wrong)
    throw no_input("no answer in " + options.folder.string() + " has this id, task and model",
                   "film show " + options.folder.string() + " lists them");
  const std::size_t all = answers.size();
  const bool one = !options.id.empty();
  if (!one && options.limit > 0 && all > options.limit) answers.resize(options.limit);
  Json list = Json::array();
  for (ShownAnswer& answer : answers) {
    if (!one) {  // a list tells what was asked; one answer shows where
      answer.context.clear();
      answer.parts.clear();
    }
    if (options.json)
      list.push_back(answer_json(answer));
    else
      std::fputs(answer_text(answer, colour_on_stdout()).c_str(), stdout);
  }
  if (options.json) put_json(list);
  finish_stdout();
  info(fmt::format("{} of {} {}; one with its context: film show {} ID", answers.size(), all,
                   options.wrong ? "wrong answers" : "answers", options.folder.string()));
}

void run_show(ShowOptions options) {
  if (options.folder.empty())
    throw usage_error("film show needs FOLDER",
                      "for example: film show data, film show data 0, film show report --wrong");
  if (!options.split_name.empty()) options.split = from_name<Split>(options.split_name);
  switch (folders::kind_of_folder(options.folder)) {
    case folders::FolderKind::synth:
    case folders::FolderKind::qa: {
      const folders::DataFolder data(options.folder);
      if (!options.id.empty()) return show_context(data, options);
      return options.html.empty() ? list_contexts(data, options) : show_data(data, options);
    }
    case folders::FolderKind::eval:
      if (!options.html.empty())
        throw usage_error("--html is for DATA; " + options.folder.string() + " is an evaluation",
                          "its page is " + (options.folder / "report.html").string());
      return show_answers(options);
    case folders::FolderKind::report:
      throw usage_error(
          options.folder.string() + " joins evaluations; their answers are in their own folders",
          "film status " + options.folder.string());
    case folders::FolderKind::exported:
      throw usage_error(options.folder.string() + " holds exported rows: look at its files, or show its DATA",
                        "film status " + options.folder.string());
    case folders::FolderKind::benchmark:
      throw usage_error(options.folder.string() + " holds a benchmark's questions: look at its files",
                        "film status " + options.folder.string());
    case folders::FolderKind::train:
    case folders::FolderKind::model:
      throw usage_error("film show shows contexts of DATA and answers of EVAL; " + options.folder.string() +
                            " holds a model",
                        "film status " + options.folder.string());
  }
}

}  // namespace

void add_show(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("show", "Show a context with its evidence marked, or what a model answered");
  command->footer(
      "film show data 3\nfilm show data --html data.html\nfilm show report --wrong\nfilm show report "
      "000970-000");
  auto o = std::make_shared<ShowOptions>();
  command->add_option("FOLDER", o->folder, "DATA of film synth, or EVAL of film eval")->type_name("FOLDER");
  command->add_option("ID", o->id, "A context's number, or an answer's id; without it there is a list");
  command->add_option("--split", o->split_name, "Only contexts of this split: train, validation, test")
      ->type_name("SPLIT")
      ->check(CLI::IsMember(names_of<Split>()));
  command->add_flag("--wrong", o->wrong, "Only answers whose score is below 1");
  command->add_option("--task", o->task, "Only answers of this task")->type_name("NAME");
  command->add_option("--model", o->model, "Only answers of this model, by its label")->type_name("LABEL");
  command->add_option("--tokenizer", o->tokenizer, "The tokenizer of DATA, if it is not where it was")
      ->type_name("FILE");
  command->add_option("-n,--limit", o->limit, "Entries of a list; 0 = all (default: 20)")->type_name("N");
  auto* json = command->add_flag("--json", o->json, "Result on stdout as JSON");
  command->add_option("--html", o->html, "DATA, or one context of it, as a page for a browser")
      ->type_name("FILE")
      ->excludes(json);
  command->callback([o, &run] { run = [o](const ProgramInfo&) { run_show(*o); }; });
}

}  // namespace film::cli

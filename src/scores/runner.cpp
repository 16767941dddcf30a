#include "film/scores/runner.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/log.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "film/scores/metrics.h"

namespace film::scores {
namespace {

using ById = std::unordered_map<std::string, Prediction>;

std::unordered_map<std::string, const ProbeItem*> items_by_id(const Probe& probe) {
  std::unordered_map<std::string, const ProbeItem*> items;
  for (const ProbeContext& context : probe.contexts)
    for (const ProbeItem& item : context.items)
      if (!items.emplace(item.id, &item).second)
        throw internal_error(probe.task + ": two items are called " + item.id);
  return items;
}

Prediction predicted(const Probe& probe, const ProbeItem& item, const std::string& output) {
  return {probe.task,   item.id,   output,     item.expected.front(),
          item.depth(), item.slot, item.slots, find_metric(probe.metric).score(output, item.expected)};
}

// Outputs are kept, everything else is computed anew, so that a corrected metric needs no new answers.
ById already_answered(const Probe& probe, const fs::path& path) {
  const auto items = items_by_id(probe);
  ById done;
  for_each_record(path, [&](const Json& record, const std::string& where) {
    const Prediction old = prediction_from_json(record, where);
    const auto found = items.find(old.id);
    if (found == items.end() || old.task != probe.task || old.expected != found->second->expected.front())
      throw config_error(where + ": item " + old.id + " of task " + old.task + " is not part of this probe",
                         "the folder was made with other settings or data: use another --out");
    done.emplace(old.id, predicted(probe, *found->second, old.output));
  });
  return done;
}

// In the order of the probe, at most `limit`.
std::vector<Prediction> in_order(const Probe& probe, const ById& done, std::uint64_t limit) {
  std::vector<Prediction> ordered;
  for (const ProbeContext& context : probe.contexts)
    for (const ProbeItem& item : context.items)
      if (const auto found = done.find(item.id); found != done.end() && ordered.size() < limit)
        ordered.push_back(found->second);
  return ordered;
}

void check_label(const std::string& label) {
  const bool clean = std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-' || c == '.';
  });
  if (!clean)
    throw usage_error("\"" + label + "\" is no label for a model", "use letters, digits, '_', '-' and '.'");
}

class Run {
 public:
  Run(const Probe& probe, answers::Answerer& model, const RunOptions& options)
      : probe_(probe),
        model_(model),
        options_(options),
        path_(predictions_path(options, probe.task)),
        limit_(options.limit == 0 ? UINT64_MAX : options.limit) {}

  std::vector<Prediction> operator()() {
    make_folder(path_.parent_path());
    {
      Journal journal(path_);  // cuts a torn last line before the file is read
      done_ = already_answered(probe_, path_);
      ask_all(journal);
    }
    return finish();
  }

 private:
  void ask_all(Journal& journal) {
    const std::uint64_t total = std::min<std::uint64_t>(limit_, probe_.item_count());
    Progress progress(probe_.task + (options_.label.empty() ? "" : " (" + options_.label + ")"), total,
                      "questions");
    progress.advance(std::min<std::uint64_t>(done_.size(), total));
    std::uint64_t seen = 0;
    for (const ProbeContext& context : probe_.contexts) {
      std::vector<ProbeItem> open;
      for (const ProbeItem& item : context.items)
        if (seen++ < limit_ && !done_.contains(item.id)) open.push_back(item);
      for (std::size_t begin = 0; begin < open.size(); begin += options_.questions_per_call) {
        throw_if_stopped("the answers so far are in the predictions file");
        const std::size_t count = std::min<std::size_t>(options_.questions_per_call, open.size() - begin);
        ask(context, std::span(open).subspan(begin, count), journal);
        progress.advance(count);
      }
    }
    progress.finish();
  }

  void ask(const ProbeContext& context, std::span<const ProbeItem> items, Journal& journal) {
    std::vector<answers::Request> requests;
    const auto shared =
        std::make_shared<answers::Context>(answers::Context{.text = context.text(), .ids = context.ids});
    for (const ProbeItem& item : items) requests.push_back({.context = shared, .question = item.question});
    const std::vector<answers::Answer> given =
        model_.answer(requests, {.max_new_tokens = probe_.max_new_tokens});
    for (std::size_t i = 0; i < items.size(); ++i) {
      // Through JSON text and back, so that bytes that are not UTF-8 score the same now and after a restart.
      const std::string output = parse_json(to_line(Json(given[i].text)), "output").get<std::string>();
      const Prediction prediction = predicted(probe_, items[i], output);
      journal.append(to_json(prediction));
      done_.emplace(prediction.id, prediction);
    }
    journal.sync();
  }

  std::vector<Prediction> finish() {
    const std::vector<Prediction> ordered = in_order(probe_, done_, UINT64_MAX);
    std::string lines;
    for (const Prediction& prediction : ordered) lines += to_line(to_json(prediction)) + "\n";
    if (read_file(path_) != lines) write_file(path_, lines);
    return in_order(probe_, done_, limit_);
  }

  const Probe& probe_;
  answers::Answerer& model_;
  const RunOptions& options_;
  fs::path path_;
  std::uint64_t limit_;
  ById done_;
};

}  // namespace

fs::path predictions_path(const RunOptions& options, const std::string& task) {
  return options.folder / "predictions" /
         (task + (options.label.empty() ? "" : "." + options.label) + ".jsonl");
}

std::vector<Prediction> run_probe(const Probe& probe, answers::Answerer& model, const RunOptions& options) {
  check_label(options.label);
  return Run(probe, model, options)();
}

std::vector<Prediction> read_predictions(const Probe& probe, const fs::path& path) {
  return in_order(probe, already_answered(probe, path), UINT64_MAX);
}

}  // namespace film::scores

#pragma once
// Benchmarks of lengths: scores by length, and the longest one that still counts as good.
#include <string>
#include <vector>

#include "film/records/length_table.h"
#include "film/scores/settings.h"
#include "film/tasks/task.h"

namespace film::scores {

// One model's answers to all tasks, predictions[t] those to tasks[t]. A table for each rule whose tasks have two lengths or more:
//
// RULER (arXiv 2404.06654): the mean over the tasks at each length; a length passes from 85.6 on (Llama2-7B at 4K). average,
// longer, shorter: over lengths, with weights 1, 2, … n towards the longer and the shorter ones (its wAvg). Interval: bootstrap of
// each task's questions.
//
// NoLiMa (arXiv 2502.05167): the mean over the questions at each length. Base score: of every needle with its question the mean
// at 250, 500 and 1,000 tokens, of these the highest, and the mean over needles. A length passes from 85 % of it on. Interval:
// bootstrap of needles. Needles are told by ContextItems::group.
//
// Effective length: the longest tested length that passes.
std::vector<LengthTable> length_tables(const std::vector<tasks::Task>& tasks,
                                       const std::vector<std::vector<Prediction>>& predictions,
                                       const std::string& model, const Settings& settings);

}  // namespace film::scores

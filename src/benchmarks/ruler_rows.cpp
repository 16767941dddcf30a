#include "ruler_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "fit.h"
#include "ruler.h"

namespace film::benchmarks {
namespace {

struct Row {
  Json json;
  std::uint64_t tokens = 0;  // of prompt and longest answer
};

// Rows of one task and length, all as long as they can be.
class RowWriter {
 public:
  RowWriter(const Settings& settings, const RulerTask& task, const SampleMaker& maker, std::uint32_t length,
            const text::Tokenizer& tokenizer)
      : settings_(settings), task_(task), maker_(maker), length_(length), tokenizer_(tokenizer) {
    const auto taken = settings.reserve + static_cast<std::uint32_t>(task.max_new_tokens);
    limit_ = length > taken ? length - taken : 0;
    guess_ = units(key(0), std::max<std::size_t>(1, length / 16));
  }

  Row row(std::uint64_t number) const {
    const SampleKey asked = key(number);
    const Sample sample = maker_.make(asked, units(asked, guess_));
    const std::uint64_t prompt = prompt_tokens(sample, tokenizer_);
    Row row{{{"index", number}, {"input", sample.input}, {"outputs", sample.outputs}}, prompt};
    row.tokens += static_cast<std::uint64_t>(task_.max_new_tokens);
    row.json["length"] = row.tokens;
    row.json["max_length"] = length_;
    row.json["answer_prefix"] = sample.answer_prefix;
    std::vector<std::uint64_t> needles;
    for (const std::size_t at : sample.needles)
      needles.push_back(tokenizer_.encode(std::string_view(sample.input).substr(0, at)).size() + 1);
    if (needles.size() == 1) row.json.update({{"slot", needles[0]}, {"slots", prompt}});
    row.json["needles"] = needles;
    return row;
  }

 private:
  SampleKey key(std::uint64_t number) const { return {settings_.seed, task_.name, length_, number}; }

  // Of the longest sample that fits. Throws config_error where none does.
  std::size_t units(const SampleKey& asked, std::size_t guess) const {
    const auto cost = [&](std::size_t units) { return prompt_tokens(maker_.make(asked, units), tokenizer_); };
    const std::size_t least = maker_.least(asked);
    if (const auto found = largest_fit(least, maker_.most(), guess, limit_, cost)) return *found;
    throw config_error(
        fmt::format("{}: question {} does not fit into {} tokens, answer and template included", task_.name,
                    asked.number, length_),
        "raise lengths, lower reserve, or leave the task out");
  }

  const Settings& settings_;
  const RulerTask& task_;
  const SampleMaker& maker_;
  std::uint32_t length_;
  const text::Tokenizer& tokenizer_;
  std::uint64_t limit_ = 0;
  std::size_t guess_ = 0;
};

class RulerWriter {
 public:
  RulerWriter(const Settings& settings, const fs::path& out, std::uint64_t limit)
      : settings_(settings),
        out_(out),
        rows_(limit == 0 ? settings.ruler.samples : std::min<std::uint64_t>(limit, settings.ruler.samples)),
        tokenizer_(text::Tokenizer::load(settings.tokenizer)),
        material_(settings_.ruler, tokenizer_) {}

  Written operator()() {
    const auto tasks = chosen_tasks(settings_.ruler);
    Progress progress("benchmark", rows_ * tasks.size() * settings_.lengths_or_own().size(), "questions");
    Written written;
    for (const RulerTask* task : tasks) {
      const auto maker = task->maker(material_);
      for (const std::uint32_t length : settings_.lengths_or_own()) {
        written.files.push_back(
            write(*task, *maker, length, progress, written.facts.mean_tokens[std::to_string(length)]));
        written.facts.rows[task->name] = rows_;
      }
    }
    progress.finish();
    written.facts.benchmark = name_of(settings_.benchmark);
    written.facts.tokenizer = tokenizer_.sha256();
    return written;
  }

 private:
  fs::path write(const RulerTask& task, const SampleMaker& maker, std::uint32_t length, Progress& progress,
                 std::map<std::string, std::uint64_t>& mean_tokens) {
    const RowWriter rows(settings_, task, maker, length, tokenizer_);
    const fs::path folder = std::to_string(length), name = folder / (std::string(task.name) + ".jsonl");
    make_folder(out_ / folder);
    AtomicFile file(out_ / name);
    std::uint64_t tokens = 0;
    parallel_in_order(
        rows_, thread_count(static_cast<int>(settings_.threads)), [&](std::size_t i) { return rows.row(i); },
        [&](std::size_t, const Row& row) {
          throw_if_stopped("the benchmark is not finished");
          tokens += row.tokens;
          file.write(to_line(row.json) + "\n");
          progress.advance(1);
        });
    file.commit();
    const std::uint64_t mean = tokens / std::max<std::uint64_t>(1, rows_);
    mean_tokens[task.name] = mean;
    constexpr double kNearlyFull = 0.9;
    if (static_cast<double>(mean) < kNearlyFull * length)
      warn(fmt::format("{}: questions of {} tokens instead of {}: there is no more text for them", task.name,
                       mean, length));
    return name;
  }

  const Settings& settings_;
  fs::path out_;
  std::uint64_t rows_;
  text::Tokenizer tokenizer_;
  RulerMaterial material_;
};

}  // namespace

Written write_ruler(const Settings& settings, const fs::path& out, std::uint64_t limit) {
  return RulerWriter(settings, out, limit)();
}

}  // namespace film::benchmarks

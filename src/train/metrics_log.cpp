#include "metrics_log.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include "film/base/log.h"

namespace film::train {
namespace {

// Rewrites metrics.jsonl without rows after `step`, if there are any.
void drop_later_rows(const fs::path& path, std::int64_t step) {
  if (!fs::exists(path)) return;
  std::string kept;
  bool dropped = false;
  LineReader reader(path);
  for (std::string line; reader.next(line);) {
    const Json row = Json::parse(line, nullptr, false);  // a torn last line is dropped too
    if (!row.is_discarded() && row.value("step", std::int64_t{0}) <= step)
      kept += line + "\n";
    else
      dropped = true;
  }
  if (dropped) write_file(path, kept);
}

double peak_memory_gib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / (1 << 20);
}

}  // namespace

MetricsLog::MetricsLog(const fs::path& run, const LoopState& state, std::int64_t total_steps)
    : events_(run, state.step),
      progress_("train", static_cast<std::uint64_t>(std::max(total_steps, state.step)), "steps") {
  progress_.begin_at(static_cast<std::uint64_t>(state.step));
  drop_later_rows(run / "metrics.jsonl", state.step);
  journal_ = std::make_unique<Journal>(run / "metrics.jsonl");
}

void MetricsLog::row(const LoopState& state, const std::string& stage, const StepMetrics& m) {
  const double rate = static_cast<double>(m.tokens) / std::max(1e-9, m.seconds);
  journal_->append({{"step", state.step},
                    {"stage", stage},
                    {"stage_step", state.stage_step},
                    {"loss", m.loss},
                    {"accuracy", m.accuracy},
                    {"mean_accuracy", state.mean_accuracy()},
                    {"learning_rate", m.learning_rate},
                    {"gradient_norm", m.gradient_norm},
                    {"applied", m.applied},
                    {"pairs", state.pairs},
                    {"tokens", state.tokens},
                    {"packs", m.packs},
                    {"seconds", m.seconds},
                    {"tokens_per_second", rate},
                    {"peak_memory_gib", peak_memory_gib()}});
  events_.scalar(state.step, "train/loss", m.loss);
  events_.scalar(state.step, "train/accuracy", m.accuracy);
  events_.scalar(state.step, "train/learning_rate", m.learning_rate);
  events_.scalar(state.step, "train/gradient_norm", m.gradient_norm);
  events_.scalar(state.step, "train/tokens_per_second", rate);
  progress_.note(fmt::format("{} · loss {:.3f} · accuracy {:.0f} % · {:.0f} tokens/s", stage, m.loss,
                             100 * state.mean_accuracy(), rate));
  progress_.advance();
}

}  // namespace film::train

#pragma once
// What a run says while it trains: metrics.jsonl (the source of truth), TensorBoard event files,
// the progress bar.
#include <fstream>
#include <memory>

#include "film/base/lines.h"
#include "film/base/progress.h"
#include "loop_state.h"

namespace film::train {

// CRC-32C (Castagnoli) as TensorBoard's record format uses it.
std::uint32_t crc32c(std::string_view bytes);
// One record of an event file: length, masked CRC of the length, payload, masked CRC of the payload.
std::string event_record(std::string_view payload);
std::string scalar_event(double wall_time, std::int64_t step, const std::string& tag, float value);

// One file per process: a resumed run opens a new one that begins with a session-start record, so that
// TensorBoard drops steps that are done again.
class EventFile {
 public:
  EventFile(const fs::path& folder, std::int64_t step);
  void scalar(std::int64_t step, const std::string& tag, double value);
  void flush() { out_.flush(); }

 private:
  std::ofstream out_;
};

struct StepMetrics {
  double loss = 0, accuracy = 0, learning_rate = 0, gradient_norm = 0, seconds = 0;
  std::uint64_t pairs = 0, tokens = 0, packs = 0;
  bool applied = true, dropped = false, stop = false;  // stop: some process was asked to
};

class MetricsLog {
 public:
  // Keeps the rows of metrics.jsonl up to state.step (a resumed run writes the later ones again).
  MetricsLog(const fs::path& run, const LoopState& state, std::int64_t total_steps);
  void row(const LoopState& state, const std::string& stage, const StepMetrics& metrics);
  void sync() {
    journal_->sync();
    events_.flush();
  }
  void finish() { progress_.finish(); }

 private:
  std::unique_ptr<Journal> journal_;
  EventFile events_;
  Progress progress_;
};

}  // namespace film::train

#include "progress_line.h"

#include <fmt/format.h>

namespace film::endpoint {
namespace {

constexpr double kPause = 0.5;  // seconds

std::string note(const EndpointReport& r, bool priced) {
  const double tokens = static_cast<double>(r.prompt_tokens + r.completion_tokens);
  std::string text = fmt::format("{:.0f} tokens/s · p50 {:.2f} s p95 {:.2f} s",
                                 r.seconds > 0 ? tokens / r.seconds : 0, r.latency_p50, r.latency_p95);
  if (priced) text += fmt::format(" · cost {:.2f}", r.cost);
  if (r.rejected > 0) text += fmt::format(" · {} rejected", r.rejected);
  if (r.failed > 0) text += fmt::format(" · {} failed", r.failed);
  return text;
}

}  // namespace

ProgressLine::ProgressLine(const EndpointClient::Watch& watch, Transport& clock, bool priced)
    : clock_(clock), priced_(priced) {
  if (!watch.label.empty()) progress_.emplace(watch.label, watch.total, "requests");
}

void ProgressLine::update(const Run& run) {
  if (!progress_ || clock_.now() - last_ < kPause) return;
  last_ = clock_.now();
  show(run.report());
}

void ProgressLine::finish(const EndpointReport& report) {
  if (!progress_) return;
  show(report);
  progress_->finish();
}

void ProgressLine::show(const EndpointReport& report) {
  const std::uint64_t done = report.ok + report.rejected + report.failed;
  progress_->note(note(report, priced_));
  progress_->advance(done - shown_);
  shown_ = done;
}

}  // namespace film::endpoint

#include "film/endpoint/client.h"

#include <fmt/format.h>

#include <random>

#include "curl_transport.h"
#include "dispatcher.h"
#include "film/base/progress.h"
#include "film/base/signals.h"

namespace film::endpoint {
namespace {

constexpr double kNoteEvery = 0.5;  // seconds

std::string note(const EndpointReport& r, bool priced) {
  const double tokens = static_cast<double>(r.prompt_tokens + r.completion_tokens);
  std::string text = fmt::format("{:.0f} tokens/s · p50 {:.2f} s p95 {:.2f} s",
                                 r.seconds > 0 ? tokens / r.seconds : 0, r.latency_p50, r.latency_p95);
  if (priced) text += fmt::format(" · cost {:.2f}", r.cost);
  if (r.rejected > 0) text += fmt::format(" · {} rejected", r.rejected);
  if (r.failed > 0) text += fmt::format(" · {} failed", r.failed);
  return text;
}

// Keeps a progress line in step with the report.
class ProgressLine {
 public:
  ProgressLine(const EndpointClient::Watch& watch, const Dispatcher& dispatcher, Transport& clock,
               bool priced)
      : dispatcher_(dispatcher), clock_(clock), priced_(priced) {
    if (!watch.label.empty()) progress_.emplace(watch.label, watch.total, "requests");
  }
  void update() {
    if (!progress_ || clock_.now() - last_ < kNoteEvery) return;
    last_ = clock_.now();
    advance();
  }
  void finish() {
    if (!progress_) return;
    advance();
    progress_->finish();
  }

 private:
  void advance() {
    const EndpointReport report = dispatcher_.report();
    const std::uint64_t done = report.ok + report.rejected + report.failed;
    progress_->note(note(report, priced_));
    progress_->advance(done - shown_);
    shown_ = done;
  }
  const Dispatcher& dispatcher_;
  Transport& clock_;
  bool priced_;
  std::optional<Progress> progress_;
  double last_ = 0;
  std::uint64_t shown_ = 0;
};

}  // namespace

struct EndpointClient::Parts {
  EndpointSettings settings;
  std::optional<AnswerJournal> journal;
  std::unique_ptr<Transport> transport;
  std::optional<Dispatcher> dispatcher;
};

EndpointClient::EndpointClient(const EndpointSettings& settings, const std::optional<fs::path>& journal)
    : parts_(std::make_unique<Parts>()) {
  settings.check();
  parts_->settings = settings;
  parts_->transport = make_curl_transport(settings, ApiKey::load(settings));
  if (journal) parts_->journal.emplace(*journal);
  parts_->dispatcher.emplace(parts_->settings, *parts_->transport, journal ? &*parts_->journal : nullptr,
                             std::random_device{}());
}

EndpointClient::~EndpointClient() = default;

EndpointReport EndpointClient::run(const ChatSource& source, const ChatSink& sink, const Watch& watch) {
  const EndpointSettings& settings = parts_->settings;
  Dispatcher& dispatcher = *parts_->dispatcher;
  ProgressLine line(watch, dispatcher, *parts_->transport, settings.price_in + settings.price_out > 0);
  const std::function<bool()> stop = watch.stop ? watch.stop : [] { return stop_signal() != 0; };
  dispatcher.run(source, sink, stop, [&] { line.update(); });
  line.finish();
  return dispatcher.report();
}

std::optional<ChatResult> EndpointClient::lookup(const ChatRequest& request) {
  return parts_->dispatcher->lookup(request);
}

EndpointReport EndpointClient::report() const { return parts_->dispatcher->report(); }

std::string EndpointClient::describe() const {
  return parts_->settings.model + " at " + parts_->settings.identity();
}

Json EndpointReport::to_json() const {
  return {{"ok", ok},
          {"rejected", rejected},
          {"failed", failed},
          {"from_journal", from_journal},
          {"attempts", attempts},
          {"unknown_outcome", unknown},
          {"reasons", reasons},
          {"repeated_after", troubles},
          {"prompt_tokens", prompt_tokens},
          {"completion_tokens", completion_tokens},
          {"cost", cost},
          {"seconds", seconds},
          {"latency_p50", latency_p50},
          {"latency_p95", latency_p95}};
}

}  // namespace film::endpoint

#include "film/endpoint/client.h"

#include <algorithm>
#include <random>

#include "context_limit.h"
#include "curl_transport.h"
#include "dispatcher.h"
#include "film/base/signals.h"
#include "json_member.h"
#include "neutral_fields.h"
#include "progress_line.h"
#include "server_settings.h"

namespace film::endpoint {
namespace {

std::vector<ApiKey> load_keys(const EndpointSettings& settings) {
  std::vector<ApiKey> keys;
  for (const EndpointSettings& server : settings_of_servers(settings)) keys.push_back(ApiKey::load(server));
  return keys;
}

// Checks before anything is opened.
EndpointSettings checked(const EndpointSettings& settings) {
  settings.check();
  return settings;
}

}  // namespace

struct EndpointClient::Parts {
  Parts(const EndpointSettings& chosen, const std::optional<fs::path>& path)
      : settings(checked(chosen)), keys(load_keys(settings)), transport(make_curl_transport(settings)) {
    if (path) {
      journal.emplace(*path);
      notes = path->string() + ".fields";
    }
    dispatcher.emplace(settings, std::move(keys), *transport, journal ? &*journal : nullptr,
                       std::random_device{}());
  }

  EndpointSettings settings;
  std::vector<ApiKey> keys;  // until the dispatcher has them
  std::unique_ptr<Transport> transport;
  std::optional<AnswerJournal> journal;
  std::optional<Dispatcher> dispatcher;
  bool limit_asked = false;
  std::optional<std::int64_t> limit;
  fs::path notes;              // JSON of neutral fields by service; empty: nothing is noted
  std::optional<Json> fields;  // neutral ones, once they are known

  void note(const std::string& service, Json learned) {
    fields = std::move(learned);
    if (notes.empty()) return;
    Json noted = fs::exists(notes) ? read_json(notes) : Json::object();
    noted[service] = *fields;
    write_file(notes, to_pretty(noted));
  }
};

EndpointClient::EndpointClient(const EndpointSettings& settings, const std::optional<fs::path>& journal)
    : parts_(std::make_unique<Parts>(settings, journal)) {}

EndpointClient::~EndpointClient() = default;

EndpointReport EndpointClient::run(const ChatSource& source, const ChatSink& sink, const Watch& watch) {
  const EndpointSettings& settings = parts_->settings;
  ProgressLine line(watch, *parts_->transport, settings.price_in + settings.price_out > 0);
  const std::function<bool()> stop = watch.stop ? watch.stop : [] { return stop_signal() != 0; };
  parts_->dispatcher->run(source, sink, stop, [&](const Run& run) { line.update(run); });
  line.finish(report());
  return report();
}

std::uint64_t EndpointClient::journalled() const { return parts_->journal ? parts_->journal->size() : 0; }

std::optional<ChatResult> EndpointClient::lookup(const ChatRequest& request) const {
  return parts_->dispatcher->lookup(request);
}

std::optional<std::int64_t> EndpointClient::context_limit() {
  const EndpointSettings& settings = parts_->settings;
  if (settings.context_tokens > 0) return settings.context_tokens;
  if (parts_->limit_asked) return parts_->limit;
  parts_->limit_asked = true;
  for (const EndpointSettings& server : settings_of_servers(settings)) {
    const auto one = endpoint::context_limit(*parts_->transport, server, ApiKey::load(server));
    if (one) parts_->limit = std::min(parts_->limit.value_or(*one), *one);
  }
  return parts_->limit;
}

std::optional<Json> EndpointClient::noted_fields() const {
  if (parts_->fields || !fs::exists(parts_->notes)) return parts_->fields;
  const Json notes = read_json(parts_->notes);
  const Json& noted = member_of(notes, describe());
  return noted.is_object() ? std::optional(noted) : std::nullopt;
}

std::optional<Json> EndpointClient::neutral_fields() {
  if (const auto noted = noted_fields()) return noted;
  std::optional<Json> common;
  for (const EndpointSettings& server : settings_of_servers(parts_->settings)) {
    const auto fields = endpoint::neutral_fields(*parts_->transport, server, ApiKey::load(server));
    if (!fields) return {};
    if (!common) common = fields;
    for (auto it = common->begin(); it != common->end();)
      it = fields->contains(it.key()) ? std::next(it) : common->erase(it);
  }
  parts_->note(describe(), common.value_or(Json::object()));
  return parts_->fields;
}

EndpointReport EndpointClient::report() const { return parts_->dispatcher->report(); }

std::string EndpointClient::describe() const {
  return parts_->settings.model + " at " + parts_->settings.service_text();
}

}  // namespace film::endpoint

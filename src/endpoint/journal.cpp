#include "film/endpoint/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <utility>

#include "film/base/error.h"

namespace film::endpoint {
namespace {

// Every line begins with its key and cost at fixed places, so that opening a journal of a million answers
// reads these and parses nothing.
constexpr std::string_view kKeyPrefix = "{\"key\":\"", kCostPrefix = "\",\"cost\":";
constexpr std::size_t kKeyDigits = 32;

std::string hex(const RequestKey& key) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint64_t word : key)
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(word >> shift) & 15];
  return text;
}

bool read_hex(std::string_view text, RequestKey& key) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char* begin = text.data() + 16 * i;
    const auto [end, error] = std::from_chars(begin, begin + 16, key[i], 16);
    if (error != std::errc() || end != begin + 16) return false;
  }
  return true;
}

bool read_head(std::string_view line, RequestKey& key, double& cost) {
  const std::size_t cost_at = kKeyPrefix.size() + kKeyDigits + kCostPrefix.size();
  if (line.size() < cost_at || !line.ends_with('}') || !line.starts_with(kKeyPrefix) ||
      line.substr(cost_at - kCostPrefix.size(), kCostPrefix.size()) != kCostPrefix ||
      !read_hex(line.substr(kKeyPrefix.size(), kKeyDigits), key))
    return false;
  return std::from_chars(line.data() + cost_at, line.data() + line.size(), cost).ec == std::errc();
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char text[32];
  const std::size_t n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r(&now, &parts));
  return {text, n};
}

Json record(const RequestKey& key, const ChatResult& r, double cost, const std::string& prompt_version) {
  Json json = {{"key", hex(key)}, {"cost", cost}, {"id", r.id}, {"status", to_text(r.outcome)}};
  if (!r.reason.empty()) json["reason"] = r.reason;
  if (!r.detail.empty()) json["detail"] = r.detail;
  json["text"] = r.text;
  json["model"] = r.model;
  json["prompt"] = prompt_version;
  if (r.usage.reported) json["usage"] = {{"prompt", r.usage.prompt}, {"completion", r.usage.completion}};
  json["attempts"] = r.attempts;
  json["unknown"] = r.unknown;
  json["seconds"] = r.seconds;
  json["time"] = utc_now();
  return json;
}

ChatResult result(const Json& json, const std::string& where) {
  ChatResult r;
  r.id = member<std::string>(json, "id", where);
  r.outcome = member<std::string>(json, "status", where) == "ok" ? ChatOutcome::ok : ChatOutcome::rejected;
  r.text = member<std::string>(json, "text", where);
  r.model = member<std::string>(json, "model", where);
  r.reason = json.value("reason", "");
  r.detail = json.value("detail", "");
  r.attempts = member<int>(json, "attempts", where);
  r.unknown = member<int>(json, "unknown", where);
  r.seconds = member<double>(json, "seconds", where);
  if (json.contains("usage"))
    r.usage = {member<std::int64_t>(json["usage"], "prompt", where),
               member<std::int64_t>(json["usage"], "completion", where), true};
  r.from_journal = true;
  return r;
}

}  // namespace

std::string to_text(ChatOutcome outcome) {
  return outcome == ChatOutcome::ok ? "ok" : outcome == ChatOutcome::rejected ? "rejected" : "failed";
}

RequestKey request_key(const std::string& identity, const std::string& prompt_version,
                       const std::string& body) {
  // Lengths first, so that no two triples are the same string.
  const std::string digest =
      sha256(std::to_string(identity.size()) + " " + std::to_string(prompt_version.size()) + "\n" + identity +
             prompt_version + body);
  RequestKey key{};
  read_hex(digest, key);
  return key;
}

AnswerJournal::AnswerJournal(const fs::path& path) : path_(path), journal_(path) {
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw io_error("cannot read " + path.string() + ": " + errno_text(errno));
  scan();
}

AnswerJournal::~AnswerJournal() { ::close(fd_); }

void AnswerJournal::scan() {
  LineReader lines(path_);
  for (std::string line; lines.next(line); end_ += line.size() + 1) {
    RequestKey key{};
    double cost = 0;
    if (!read_head(line, key, cost))
      throw bad_data(lines.where() + ": not a line of an answer journal",
                     "move the file away to ask everything anew");
    // The first answer stands: it is the one that results were made from.
    places_.emplace(key, Place{end_, static_cast<std::uint32_t>(line.size())});
    cost_ += cost;
  }
}

std::string AnswerJournal::read(const Place& place) const {
  std::string line(place.length, '\0');
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t n =
        ::pread(fd_, line.data() + done, line.size() - done, static_cast<off_t>(place.offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw io_error("reading " + path_.string() + " failed: " + errno_text(n < 0 ? errno : EIO));
    done += static_cast<std::size_t>(n);
  }
  return line;
}

std::optional<ChatResult> AnswerJournal::find(const RequestKey& key) {
  const auto found = places_.find(key);
  if (found == places_.end()) return {};
  sync();
  const std::string where = path_.string() + ", byte " + std::to_string(found->second.offset);
  return result(parse_json(read(found->second), where), where);
}

void AnswerJournal::add(const RequestKey& key, const ChatResult& r, double cost,
                        const std::string& prompt_version) {
  const Json json = record(key, r, cost, prompt_version);
  const std::size_t length = to_line(json).size();
  journal_.append(json);
  places_.emplace(key, Place{end_, static_cast<std::uint32_t>(length)});
  end_ += length + 1;
  ++unsynced_;
  cost_ += cost;
}

void AnswerJournal::sync() {
  // Counted as done beforehand: a failed fsync is never tried again.
  if (std::exchange(unsynced_, 0) > 0) journal_.sync();
}

}  // namespace film::endpoint

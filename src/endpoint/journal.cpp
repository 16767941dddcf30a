#include "journal.h"

#include <utility>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "journal_line.h"
#include "quick_line.h"

namespace film::endpoint {

AnswerJournal::AnswerJournal(const fs::path& path)
    : path_(path), journal_(path), file_(open_for_reading(path)) {
  scan();
}

void AnswerJournal::scan() {
  LineReader lines(path_);
  for (std::string line; lines.next(line); end_ += line.size() + 1) {
    const std::optional<LineHead> head = read_head(line);
    if (!head)
      throw bad_data(lines.where() + ": not a line of an answer journal",
                     "move the file away to ask every question again");
    // The first answer counts: results were made from it.
    lines_.emplace(head->key, Line{end_, static_cast<std::uint32_t>(line.size())});
    cost_ += head->cost;
  }
}

ChatResult AnswerJournal::read(const Line& line) const {
  std::string text(line.length, '\0');
  read_at(file_, line.offset, text, path_);
  if (std::optional<ChatResult> result = quick_result(text)) return std::move(*result);
  return result_from_line(text, path_.string() + ", byte " + std::to_string(line.offset));
}

std::optional<ChatResult> AnswerJournal::find(std::span<const RequestKey> keys) const {
  for (const RequestKey& key : keys)
    if (const auto found = lines_.find(key); found != lines_.end()) return read(found->second);
  return {};
}

void AnswerJournal::add(const RequestKey& key, const ChatResult& result, double cost,
                        const std::string& prompt_version) {
  const std::string line = to_line(journal_line({key, cost}, result, prompt_version));
  journal_.append_line(line);
  ++unsynced_;
  journal_.write();
  lines_.emplace(key, Line{end_, static_cast<std::uint32_t>(line.size())});
  end_ += line.size() + 1;
  cost_ += cost;
}

void AnswerJournal::sync() {
  // Counted as done beforehand: a failed fsync is never tried again.
  if (std::exchange(unsynced_, 0) > 0) journal_.sync();
}

}  // namespace film::endpoint

#include "import.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/signals.h"
#include "film/questions/sentences.h"
#include "import_quotes.h"
#include "import_rows.h"

namespace film::questions {
namespace {

constexpr int kRowsNamed = 10;  // in the log; all are in rejected.jsonl

// Where the quotes of one row stand in one context; unique: each in one segment.
struct Match {
  std::vector<std::uint32_t> positions;
  bool unique = true, evidence = true;
};

class Import {
 public:
  Import(const QaSource& source, std::uint64_t contexts) : source_(source), contexts_(contexts) {}

  void read(const fs::path& file) {
    read_import_rows(file, [&](ImportRow row) {
      if (row.problem == nullptr && row.context && *row.context >= contexts_) {
        row.problem = "unknown_context";
        row.detail = "context " + std::to_string(*row.context) + " of " + std::to_string(contexts_);
      }
      if (row.problem == nullptr)
        for (const std::string& quote : row.quotes) finder_.add(quote);
      rows_.push_back(std::move(row));
    });
  }

  // Reads every segment once and notes which quotes it holds.
  void search() {
    if (finder_.size() == 0) return;
    std::set<std::uint64_t> seen;
    for (std::uint64_t id = 0; id < contexts_; ++id) {
      throw_if_stopped("nothing is written yet");
      const Context context = source_.context(id);
      std::vector<std::uint32_t> fresh;
      for (std::uint32_t p = 0; p < context.segments.size(); ++p)
        if (seen.insert(context.segments[p]).second) fresh.push_back(p);
      const std::vector<std::string> texts = source_.texts(context, fresh);
      for (std::size_t i = 0; i < fresh.size(); ++i)
        for (const std::size_t quote : finder_.find(flatten(texts[i])))
          segments_of_[quote].insert(context.segments[fresh[i]]);
    }
  }

  void place() {
    index_contexts();
    for (ImportRow& row : rows_)
      if (row.problem == nullptr) place(row);
  }

  void write(QaFiles& files, QaTally& tally) {
    for (auto& [id, questions] : placed_) {
      Asked asked{source_.context(id), {std::move(questions), {}}};
      tally.count(asked.context, asked.written);
      files.write(std::move(asked));
    }
    int named = 0;
    for (const ImportRow& row : rows_) {
      if (row.problem == nullptr) continue;
      tally.reject(row.problem);
      files.reject({{"where", row.where},
                    {"type", "written"},
                    {"reason", row.problem},
                    {"detail", row.detail},
                    {"question", row.question},
                    {"answer", row.answer}});
      if (named++ < kRowsNamed)
        warn(row.where + ": " + row.problem + (row.detail.empty() ? "" : ": " + row.detail));
    }
    if (named > kRowsNamed) warn(std::to_string(named - kRowsNamed) + " more rows are in rejected.jsonl");
  }

  Json facts(const fs::path& file) const {
    return {{"import",
             {{"file", file.filename().string()}, {"sha256", sha256_file(file)}, {"rows", rows_.size()}}}};
  }

 private:
  // Contexts by the quoted segments in them.
  void index_contexts() {
    std::set<std::uint64_t> quoted;
    for (const auto& [quote, segments] : segments_of_) quoted.insert(segments.begin(), segments.end());
    for (std::uint64_t id = 0; id < contexts_ && !quoted.empty(); ++id)
      for (const std::uint64_t segment : source_.context(id).segments)
        if (quoted.contains(segment)) contexts_of_[segment].push_back(id);
  }

  std::optional<Match> match(const Context& context, const ImportRow& row) {
    Match match;
    for (const std::string& quote : row.quotes) {
      const auto& segments = segments_of_[finder_.add(quote)];
      std::vector<std::uint32_t> here, evidence;
      for (std::uint32_t p = 0; p < context.segments.size(); ++p)
        if (segments.contains(context.segments[p])) {
          here.push_back(p);
          if (std::ranges::find(context.evidence, p) != context.evidence.end()) evidence.push_back(p);
        }
      if (here.empty()) return {};
      match.evidence = match.evidence && !evidence.empty();
      if (evidence.size() == 1) here = evidence;
      match.unique = match.unique && here.size() == 1;
      match.positions.push_back(here[0]);
    }
    std::ranges::sort(match.positions);
    const auto twice = std::ranges::unique(match.positions);
    match.positions.erase(twice.begin(), twice.end());
    return match;
  }

  void place(ImportRow& row) {
    if (!row.context) return place_by_quotes(row);
    const Context context = source_.context(*row.context);
    if (row.quotes.empty()) {
      if (context.evidence.empty())
        row.problem = "context_names_no_evidence";
      else
        keep(row, context, context.evidence);
      return;
    }
    const std::optional<Match> found = match(context, row);
    if (!found)
      row.problem = "quote_not_found", row.detail = "not in context " + std::to_string(context.id);
    else if (!found->unique)
      row.problem = "quote_in_several_segments";
    else
      keep(row, context, found->positions);
  }

  void place_by_quotes(ImportRow& row) {
    std::set<std::uint64_t> candidates;  // every context with the first quote
    for (const std::uint64_t segment : segments_of_[finder_.add(row.quotes[0])])
      candidates.insert(contexts_of_[segment].begin(), contexts_of_[segment].end());
    std::optional<std::tuple<bool, std::size_t, std::uint64_t>> best;  // not evidence, questions so far, id
    Match best_match;
    bool ambiguous = false;
    for (const std::uint64_t id : candidates) {
      const Context context = source_.context(id);
      const std::optional<Match> found = match(context, row);
      if (!found) continue;
      ambiguous = ambiguous || !found->unique;
      const auto placed = placed_.find(id);
      const std::tuple rank{!found->evidence, placed == placed_.end() ? 0 : placed->second.size(), id};
      if (!found->unique || (best && *best <= rank)) continue;
      best = rank;
      best_match = *found;
    }
    if (best) return keep(row, source_.context(std::get<2>(*best)), best_match.positions);
    row.problem = ambiguous ? "quote_in_several_segments" : "quote_not_found";
  }

  void keep(const ImportRow& row, const Context& context, const std::vector<std::uint32_t>& positions) {
    bool extractive = false;
    for (const std::string& text : source_.texts(context, positions))
      extractive = extractive || count_occurrences(to_small(flatten(text)), to_small(row.answer)) > 0;
    placed_[context.id].push_back(
        {row.question,
         row.answer,
         positions,
         {{"type", "written"}, {"extractive", extractive}, {"generator", "import"}, {"source", row.where}}});
  }

  const QaSource& source_;
  const std::uint64_t contexts_;
  std::vector<ImportRow> rows_;
  QuoteFinder finder_;
  std::unordered_map<std::size_t, std::set<std::uint64_t>> segments_of_;       // quote -> segments
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> contexts_of_;  // quoted segment -> contexts
  std::map<std::uint64_t, std::vector<Question>> placed_;                      // by context
};

}  // namespace

Json write_imported_questions(const QaSource& source, const QaSettings& settings, std::uint64_t contexts,
                              QaFiles& files, QaTally& tally) {
  Import import(source, contexts);
  import.read(settings.import);
  import.search();
  import.place();
  import.write(files, tally);
  return import.facts(settings.import);
}

}  // namespace film::questions

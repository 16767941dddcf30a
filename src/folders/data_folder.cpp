#include "film/folders/data_folder.h"

#include <numeric>
#include <unordered_map>

#include "context_line.h"
#include "film/base/content_hash.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/manifest.h"
#include "film/corpus/store.h"
#include "film/folders/question_folders.h"
#include "finished.h"
#include "settings_record.h"

namespace film::folders {
namespace {

constexpr const char* kAgain =
    "put the file back; or delete the folder's manifest.json and run the same film synth again, which makes "
    "the same bytes";

void check_files(const Manifest& manifest) {
  for (const ManifestFile& file : manifest.files())
    if (const fs::path full = manifest.path().parent_path() / file.path; !fs::exists(full))
      throw no_input(full.string() + " is missing, but the manifest names it", kAgain);
  manifest.check_sizes(kAgain);
}

void check_context(const Context& context, std::size_t id, std::uint64_t segments, const LineReader& lines) {
  if (context.id != id)
    throw bad_data(lines.where() + ": context id " + std::to_string(context.id) + " where " +
                       std::to_string(id) + " is expected",
                   kAgain);
  for (const std::uint32_t segment : context.segments)
    if (segment >= segments)
      throw bad_data(lines.where() + ": segment " + std::to_string(segment) +
                         " is not in the store, which holds " + std::to_string(segments),
                     kAgain);
  for (const std::uint32_t position : context.evidence)
    if (position >= context.segments.size())
      throw bad_data(lines.where() + ": evidence position " + std::to_string(position) + " in a context of " +
                         std::to_string(context.segments.size()) + " segments",
                     kAgain);
}

using Needles = std::unordered_map<std::uint32_t, Needle>;

Needles read_needles(const fs::path& folder) {
  Needles needles;
  const fs::path file = folder / "segments" / "planted.jsonl";
  if (!fs::exists(file)) return needles;
  for_each_record(file, [&](const Json& line, const std::string& where) {
    needles.emplace(member<std::uint32_t>(line, "segment", where), from_json<Needle>(line, where));
  });
  return needles;
}

std::vector<Context> read_contexts(const fs::path& folder, std::uint64_t segments) {
  std::vector<Context> contexts;
  for (std::size_t part = 0; fs::exists(folder / corpus::part_path("contexts", part, ".jsonl")); ++part) {
    LineReader lines(folder / corpus::part_path("contexts", part, ".jsonl"));
    for (std::string line; lines.next(line);) {
      std::optional<Context> context = quick_context(line);
      if (!context) context = from_json<Context>(parse_json(line, lines.where()), lines.where());
      check_context(*context, contexts.size(), segments, lines);
      contexts.push_back(std::move(*context));
    }
  }
  return contexts;
}

// Throws bad_data: the questions in `folder` are about the contexts of another DATA, or no longer those that were
// written.
void check_questions(const fs::path& folder, const std::string& data) {
  const Manifest manifest = Manifest::read(folder / "manifest.json");
  if (const auto about = manifest.fact<std::string>("data"); about != data)
    throw bad_data(manifest.path().string() + ": the questions are about the DATA folder with the manifest " +
                       about + ", but it is " + data,
                   "delete " + folder.string() + " and run film qa again");
  manifest.check_content("put the file back; or delete " + manifest.path().string() +
                         " and run the same film qa again: what was paid for is in its journal");
}

}  // namespace

struct DataFolder::Content {
  fs::path named;  // by the caller: `path`, or a folder of questions about it
  fs::path path;
  Manifest manifest;
  SynthFacts facts;
  corpus::SegmentStore store;
  Needles needles;
  std::vector<Context> contexts;

  explicit Content(const fs::path& folder)
      : named(folder),
        path(data_of(folder)),
        manifest(finished_manifest(path, "DATA folder", "film synth")),
        facts(from_json<SynthFacts>(manifest.facts(), manifest.path().string())) {
    check_files(manifest);
    store = corpus::SegmentStore(path, facts.token_bytes);
    needles = read_needles(path);
    contexts = read_contexts(path, store.size());
  }
};

DataFolder::DataFolder(const fs::path& folder) : content_(std::make_shared<const Content>(folder)) {}

const fs::path& DataFolder::path() const { return content_->path; }
const SynthFacts& DataFolder::facts() const { return content_->facts; }
std::string DataFolder::identity() const { return content_hash(content_->manifest.path()); }
void DataFolder::require_unchanged() const { content_->manifest.check_content(kAgain); }

text::Tokenizer DataFolder::tokenizer(const std::string& named) const {
  const std::string file = named.empty() ? SettingsRecord::read(path()).text("tokenizer") : named;
  if (named.empty() && !fs::exists(file))
    throw no_input("the tokenizer that " + path().string() + " was made with is not where it was: " + file,
                   "name it: --set tokenizer=FILE (its sha256 is " + facts().tokenizer.sha256 + ")");
  text::Tokenizer tokenizer = text::Tokenizer::load(file);
  if (tokenizer.sha256() != facts().tokenizer.sha256)
    throw config_error(file + " is not the tokenizer that " + path().string() +
                           " was made with: its sha256 is " + tokenizer.sha256() + ", expected " +
                           facts().tokenizer.sha256,
                       "name that file: --set tokenizer=FILE");
  return tokenizer;
}

const std::string& DataFolder::needle_question() const {
  static const std::string none;
  return facts().needles ? facts().needles->question : none;
}

std::uint64_t DataFolder::segment_count() const { return content_->store.size(); }

text::TokenIds DataFolder::segment_tokens(std::uint32_t segment) const {
  text::TokenIds ids;
  content_->store.append_tokens(segment, ids);
  return ids;
}

const Needle* DataFolder::needle(std::uint32_t segment) const {
  const auto found = content_->needles.find(segment);
  return found == content_->needles.end() ? nullptr : &found->second;
}

const std::vector<Context>& DataFolder::contexts() const { return content_->contexts; }

const Context& DataFolder::context(std::uint64_t id) const {
  if (id >= content_->contexts.size())
    throw bad_data("context " + std::to_string(id) + " is not in " + path().string() + ", which holds " +
                   std::to_string(content_->contexts.size()));
  return content_->contexts[id];
}

text::TokenIds DataFolder::tokens(const Context& context) const {
  const text::TokenIds& newline = facts().tokenizer.newline;
  text::TokenIds ids;
  ids.reserve(context.tokens);
  for (std::size_t i = 0; i < context.segments.size(); ++i) {
    if (i > 0) ids.insert(ids.end(), newline.begin(), newline.end());
    content_->store.append_tokens(context.segments[i], ids);
  }
  if (ids.size() != context.tokens)
    throw bad_data("context " + std::to_string(context.id) + " of " + path().string() + " has " +
                       std::to_string(ids.size()) + " tokens, its recipe says " +
                       std::to_string(context.tokens),
                   kAgain);
  return ids;
}

Context DataFolder::evidence_of(const Context& context) const {
  Context part = context;
  part.segments.clear();
  part.evidence.clear();
  std::size_t ids = 0;
  for (const std::uint32_t position : context.evidence) {
    part.evidence.push_back(static_cast<std::uint32_t>(part.segments.size()));
    part.segments.push_back(context.segments.at(position));
    ids += segment_tokens(part.segments.back()).size() + (ids > 0 ? facts().tokenizer.newline.size() : 0);
  }
  part.tokens = static_cast<std::uint32_t>(ids);
  return part;
}

// Decoded behind a newline: a space at the very start of a text would be taken for the dummy prefix and dropped.
std::vector<std::string> DataFolder::segment_texts(const Context& context,
                                                   std::span<const std::uint32_t> positions,
                                                   const text::Tokenizer& tokenizer) const {
  std::vector<std::string> texts;
  for (const std::uint32_t position : positions) {
    text::TokenIds ids = facts().tokenizer.newline;
    content_->store.append_tokens(context.segments.at(position), ids);
    texts.push_back(tokenizer.decode(ids).substr(1));
  }
  return texts;
}

std::vector<std::string> DataFolder::segment_texts(const Context& context,
                                                   const text::Tokenizer& tokenizer) const {
  std::vector<std::uint32_t> all(context.segments.size());
  std::iota(all.begin(), all.end(), 0u);
  return segment_texts(context, all, tokenizer);
}

bool DataFolder::has_examples() const { return !question_folders(content_->named).empty(); }

std::vector<Conversation> DataFolder::conversations() const {
  std::vector<Conversation> conversations;
  const fs::path folder = finished_general(content_->named);
  if (folder.empty()) return conversations;
  check_questions(folder, identity());
  for_each_record(folder / "conversations.jsonl", [&](const Json& line, const std::string& where) {
    conversations.push_back(from_json<Conversation>(line, where));
  });
  return conversations;
}

std::vector<Example> DataFolder::examples(std::optional<Split> split) const {
  const std::vector<fs::path> folders = question_folders(content_->named);
  if (folders.empty())
    throw no_input(content_->named.string() + " holds no finished questions", "run film qa first");
  std::vector<Example> examples;
  std::uint64_t before = 0;  // examples of the folders before
  for (const fs::path& folder : folders) {
    check_questions(folder, identity());
    std::uint64_t count = 0;
    for_each_record(folder / "examples.jsonl", [&](const Json& line, const std::string& where) {
      Example example = from_json<Example>(line, where);
      example.id += before;
      ++count;
      if (!split || example.split == *split) examples.push_back(std::move(example));
    });
    before += count;
  }
  return examples;
}

}  // namespace film::folders

#include "film/contexts/data_folder.h"

#include <unordered_map>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/corpus/store.h"

namespace film::contexts {

struct DataFolder::Content {
  fs::path path;
  Json manifest;
  std::string tokenizer_sha256;
  text::TokenIds newline;
  corpus::SegmentStore store;
  std::unordered_map<std::uint64_t, PlantedRecord> planted;
  std::vector<Context> contexts;
};

namespace {

constexpr const char* kAgain = "run film synth again into a new folder";

void check_sizes(const fs::path& folder, const Json& manifest, const std::string& where) {
  for (const Json& entry : member<Json>(manifest, "files", where)) {
    const fs::path file = folder / member<std::string>(entry, "path", where);
    const auto expected = member<std::uintmax_t>(entry, "bytes", where);
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(file, error);
    if (error) throw no_input(file.string() + " is missing, but the manifest names it", kAgain);
    if (bytes != expected)
      throw bad_data(file.string() + " holds " + std::to_string(bytes) + " bytes, the manifest says " +
                         std::to_string(expected),
                     kAgain);
  }
}

void check_context(const Context& context, std::size_t id, std::uint64_t segments, const std::string& where) {
  if (context.id != id)
    throw bad_data(where + ": context id " + std::to_string(context.id) + " where " + std::to_string(id) +
                       " is expected",
                   kAgain);
  for (const std::uint64_t segment : context.segments)
    if (segment >= segments)
      throw bad_data(where + ": segment " + std::to_string(segment) + " is not in the store, which holds " +
                         std::to_string(segments),
                     kAgain);
  for (const std::uint32_t position : context.evidence)
    if (position >= context.segments.size())
      throw bad_data(where + ": evidence position " + std::to_string(position) + " in a context of " +
                         std::to_string(context.segments.size()) + " segments",
                     kAgain);
}

}  // namespace

DataFolder::DataFolder(const fs::path& folder) {
  auto content = std::make_shared<Content>();
  content->path = folder;
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file))
    throw no_input(folder.string() + " holds no finished DATA folder (no manifest.json)",
                   "run film synth first");
  const std::string where = file.string();
  content->manifest = read_json(file);
  const Json tokenizer = member<Json>(content->manifest, "tokenizer", where);
  content->tokenizer_sha256 = member<std::string>(tokenizer, "sha256", where);
  content->newline = member<text::TokenIds>(tokenizer, "newline", where);
  check_sizes(folder, content->manifest, where);
  content->store = corpus::SegmentStore(folder, member<int>(content->manifest, "token_bytes", where));
  if (const fs::path planted = folder / "segments" / "planted.jsonl"; fs::exists(planted))
    for_each_record(planted, [&](const Json& record, const std::string& at) {
      content->planted.emplace(member<std::uint64_t>(record, "segment", at), planted_from_json(record, at));
    });
  for (std::size_t part = 0; fs::exists(folder / corpus::part_path("contexts", part, ".jsonl")); ++part)
    for_each_record(folder / corpus::part_path("contexts", part, ".jsonl"),
                    [&](const Json& record, const std::string& at) {
                      Context context = context_from_json(record, at);
                      check_context(context, content->contexts.size(), content->store.size(), at);
                      content->contexts.push_back(std::move(context));
                    });
  content_ = std::move(content);
}

const fs::path& DataFolder::path() const { return content_->path; }
const Json& DataFolder::manifest() const { return content_->manifest; }
const std::string& DataFolder::tokenizer_sha256() const { return content_->tokenizer_sha256; }
std::uint64_t DataFolder::segment_count() const { return content_->store.size(); }

text::TokenIds DataFolder::segment_tokens(std::uint64_t segment) const {
  text::TokenIds ids;
  content_->store.append_tokens(segment, ids);
  return ids;
}

const PlantedRecord* DataFolder::planted(std::uint64_t segment) const {
  const auto found = content_->planted.find(segment);
  return found == content_->planted.end() ? nullptr : &found->second;
}

const std::vector<Context>& DataFolder::contexts() const { return content_->contexts; }

const Context& DataFolder::context(std::uint64_t id) const {
  if (id >= content_->contexts.size())
    throw bad_data("context " + std::to_string(id) + " is not in " + content_->path.string() +
                   ", which holds " + std::to_string(content_->contexts.size()));
  return content_->contexts[id];
}

text::TokenIds DataFolder::tokens(const Context& context) const {
  text::TokenIds ids;
  ids.reserve(context.tokens);
  for (std::size_t i = 0; i < context.segments.size(); ++i) {
    if (i > 0) ids.insert(ids.end(), content_->newline.begin(), content_->newline.end());
    content_->store.append_tokens(context.segments[i], ids);
  }
  if (ids.size() != context.tokens)
    throw bad_data("context " + std::to_string(context.id) + " of " + content_->path.string() + " has " +
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
    ids += segment_tokens(part.segments.back()).size() + (ids > 0 ? content_->newline.size() : 0);
  }
  part.tokens = static_cast<decltype(part.tokens)>(ids);
  return part;
}

// Decoded behind a newline: a space at the very start of a text would be taken for the dummy prefix and
// dropped.
std::vector<std::string> DataFolder::segment_texts(const Context& context,
                                                   const text::Tokenizer& tokenizer) const {
  std::vector<std::string> texts;
  for (const std::uint64_t segment : context.segments) {
    text::TokenIds ids = content_->newline;
    content_->store.append_tokens(segment, ids);
    texts.push_back(tokenizer.decode(ids).substr(1));
  }
  return texts;
}

bool DataFolder::has_examples() const { return fs::exists(content_->path / "questions" / "manifest.json"); }

std::vector<Example> DataFolder::examples(const std::string& split) const {
  const fs::path file = content_->path / "questions" / "examples.jsonl";
  if (!has_examples() || !fs::exists(file))
    throw no_input(content_->path.string() + " holds no finished questions", "run film qa first");
  std::vector<Example> examples;
  for_each_record(file, [&](const Json& record, const std::string& at) {
    Example example = example_from_json(record, at);
    if (split.empty() || example.split == split) examples.push_back(std::move(example));
  });
  return examples;
}

}  // namespace film::contexts

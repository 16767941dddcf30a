#pragma once
// A DATA folder written by hand: segments from texts, contexts from recipes, as `film synth` lays them out.
#include <map>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/base/manifest.h"
#include "film/folders/data_folder.h"
#include "film/records/records.h"
#include "film/records/synth_facts.h"
#include "film/text/tokenizer.h"
#include "test_data.h"

namespace film::support {

struct SmallData {
  std::vector<std::string> texts;           // of the segments; segment i is texts[i]
  std::map<std::uint32_t, Needle> needles;  // by segment
  std::string needle_question = "What is the key of {attribute}?";
  std::vector<Context> contexts;  // ids and token counts are filled in
};

template <class T>
void append_bytes(std::string& bytes, T value) {  // little-endian
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

// The store: 2 bytes a token; index rows {first token, document, tokens, line}, a document a segment.
inline std::vector<std::uint32_t> write_segments(const fs::path& folder, const SmallData& data,
                                                 const text::Tokenizer& tokenizer) {
  std::string tokens, index, needles;
  std::vector<std::uint32_t> lengths;
  for (std::uint32_t i = 0; i < data.texts.size(); ++i) {
    const text::TokenIds ids = tokenizer.encode_continuation(data.texts[i]);
    append_bytes(index, std::uint64_t{tokens.size() / 2});
    append_bytes(index, std::uint64_t{i});
    append_bytes(index, static_cast<std::uint32_t>(ids.size()));
    append_bytes(index, std::uint32_t{0});
    for (const text::TokenId id : ids) append_bytes(tokens, static_cast<std::uint16_t>(id));
    lengths.push_back(static_cast<std::uint32_t>(ids.size()));
    if (!data.needles.contains(i)) continue;
    Json line = {{"segment", i}};
    line.update(to_json(data.needles.at(i)));
    needles += to_line(line) + '\n';
  }
  make_folder(folder / "segments");
  write_file(folder / "segments/part-00000.tokens", tokens);
  write_file(folder / "segments/part-00000.index", index);
  if (!needles.empty()) write_file(folder / "segments/planted.jsonl", needles);
  return lengths;
}

inline void write_contexts(const fs::path& folder, const SmallData& data,
                           const std::vector<std::uint32_t>& lengths, std::size_t newline) {
  std::string lines;
  for (std::size_t id = 0; id < data.contexts.size(); ++id) {
    Context context = data.contexts[id];
    context.id = id;
    context.tokens = static_cast<std::uint32_t>((context.segments.size() - 1) * newline);
    for (const std::uint32_t segment : context.segments) context.tokens += lengths.at(segment);
    lines += to_line(to_json(context)) + '\n';
  }
  make_folder(folder / "contexts");
  write_file(folder / "contexts/part-00000.jsonl", lines);
}

inline folders::DataFolder write_small_data(const fs::path& folder, const SmallData& data) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  SynthFacts facts;
  facts.tokenizer = {tokenizer.sha256(), tokenizer.vocab_size(), tokenizer.encode_continuation("\n")};
  if (!data.needles.empty()) facts.needles = NeedleFacts{};
  if (facts.needles) facts.needles->question = data.needle_question;
  make_folder(folder);
  const std::vector<std::uint32_t> lengths = write_segments(folder, data, tokenizer);
  write_contexts(folder, data, lengths, facts.tokenizer.newline.size());
  std::vector<fs::path> files = {"segments/part-00000.tokens", "segments/part-00000.index",
                                 "contexts/part-00000.jsonl"};
  Manifest::write(folder, "manifest.json", files, to_json(facts), 1);
  write_file(folder / "settings.json",
             to_pretty({{"verb", "synth"}, {"settings", {{"tokenizer", small_model().string()}}}}));
  return folders::DataFolder(folder);
}

}  // namespace film::support

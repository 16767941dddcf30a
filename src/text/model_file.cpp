#include "model_file.h"

#include <algorithm>
#include <cstring>

#include "film/base/error.h"
#include "film/base/git_lfs.h"
#include "wire.h"

namespace film::text {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestPiece = 4096;  // bytes; SentencePiece's own trainer stops at 16 characters
constexpr const char* kRemedy =
    "film reads a SentencePiece model, usually called tokenizer.model, from the model's folder";

void refuse_lookalikes(const fs::path& path, std::string_view bytes) {
  const std::string name = path.string();
  if (bytes.empty()) throw bad_data(name + ": expected a SentencePiece model, got an empty file", kRemedy);
  if (is_lfs_pointer(bytes))
    throw bad_data(name + ": expected a SentencePiece model, got a git-lfs pointer",
                   "fetch the file itself: git lfs pull, or download it from the model's page");
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const std::string_view text = bytes.substr(std::min(begin, bytes.size()));
  // A model starts with byte 0x0A, a newline in text: only what follows tells JSON and HTML apart.
  if (text.starts_with("{\"") || text.starts_with("{\n") || text.starts_with("{\r") || text.starts_with("{ "))
    throw bad_data(name + ": expected a SentencePiece model, got JSON",
                   "give tokenizer.model instead of tokenizer.json (both lie in the model's folder)");
  if (text.starts_with("<!") || text.starts_with("<html") || text.starts_with("<HTML"))
    throw bad_data(name + ": expected a SentencePiece model, got an HTML page",
                   "the download was answered by a web page (a login or an error?): fetch the file itself");
}

// Walks one message; `use` takes every field. Damage anywhere is damage of the file.
template <class Use>
bool walk(std::string_view message, Use use) {
  WireReader reader(message);
  WireField field;
  while (reader.next(field)) use(field);
  return !reader.damaged();
}

bool read_piece(std::string_view message, ModelPiece& piece) {
  return walk(message, [&](const WireField& f) {
    if (f.number == 1) piece.text = f.bytes;
    if (f.number == 2 && f.bytes.size() == sizeof piece.score)
      std::memcpy(&piece.score, f.bytes.data(), sizeof piece.score);
    if (f.number == 3) piece.type = static_cast<ModelPiece::Type>(f.value);
  });
}

bool read_trainer(std::string_view message, ModelFile& model) {
  return walk(message, [&](const WireField& f) {
    if (f.number == 3) model.kind = static_cast<ModelFile::Kind>(f.value);
    if (f.number == 24) model.whitespace_as_suffix = f.value != 0;
    if (f.number == 35) model.byte_fallback = f.value != 0;
  });
}

bool read_normalizer(std::string_view message, ModelFile& model) {
  return walk(message, [&](const WireField& f) {
    if (f.number == 2) model.rewrites_characters = !f.bytes.empty();
    if (f.number == 3) model.add_dummy_prefix = f.value != 0;
    if (f.number == 4) model.remove_extra_whitespaces = f.value != 0;
    if (f.number == 5) model.escape_whitespaces = f.value != 0;
  });
}

bool read_denormalizer(std::string_view message, ModelFile& model) {
  return walk(message, [&](const WireField& f) {
    if (f.number == 2) model.rewrites_decoded = !f.bytes.empty();
  });
}

bool read_field(const WireField& field, ModelFile& model) {
  if (field.number == 1) return read_piece(field.bytes, model.pieces.emplace_back());
  if (field.number == 2) return read_trainer(field.bytes, model);
  if (field.number == 3) return read_normalizer(field.bytes, model);
  if (field.number == 5) return read_denormalizer(field.bytes, model);
  return true;
}

void check_pieces(const fs::path& path, const ModelFile& model) {
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const std::size_t size = model.pieces[id].text.size();
    if (size > 0 && size <= kLongestPiece) continue;
    throw bad_data(path.string() + ": piece " + std::to_string(id) + " has " + std::to_string(size) +
                       " bytes, expected 1 to " + std::to_string(kLongestPiece),
                   "the file is damaged: download it again");
  }
}

}  // namespace

ModelFile parse_model_file(const fs::path& path, std::string_view bytes) {
  refuse_lookalikes(path, bytes);
  ModelFile model;
  WireReader reader(bytes);
  WireField field;
  bool sound = true;
  while (sound && reader.next(field)) sound = read_field(field, model);
  if (sound && reader.damaged() && !model.pieces.empty())
    throw bad_data(path.string() + ": a SentencePiece model that is cut short or damaged at byte " +
                       std::to_string(reader.offset()) + " of " + std::to_string(bytes.size()),
                   "download it again");
  if (!sound || reader.damaged() || model.pieces.empty())
    throw bad_data(path.string() + ": not a SentencePiece model", kRemedy);
  check_pieces(path, model);
  return model;
}

std::string without_dummy_prefix(std::string_view bytes) {
  std::string copy;
  WireReader reader(bytes);
  WireField field;
  while (reader.next(field))
    if (field.number != 4) copy += field.encoded;  // 4 = self-test samples, which expect the prefix
  // Protobuf merges a second occurrence into the first: normalizer_spec { add_dummy_prefix: false }.
  return copy.append("\x1a\x02\x18\x00", 4);
}

}  // namespace film::text

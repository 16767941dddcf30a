#include <simdjson.h>

#include "film/base/error.h"
#include "film/corpus/reader.h"

namespace film::corpus {
namespace {

namespace dom = simdjson::dom;

// Texts of 1 GiB and more would overflow token counts long before they are useful.
constexpr std::size_t kLargestText = std::size_t{1} << 30;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

// Why a text is no document, or nullptr; cleans it.
const char* accept_text(std::string& text) {
  if (!simdjson::validate_utf8(text)) return "bad_utf8";
  if (text.size() >= kLargestText) return "too_large";
  text = clean_text(text);
  return text.empty() ? "empty" : nullptr;
}

std::string title_of(const dom::object& object, const CorpusSettings& settings) {
  for (const std::string& field : settings.title_fields) {
    std::string_view title;
    if (object.at_key(field).get(title) == simdjson::SUCCESS) return std::string(title);
  }
  return {};
}

// Why a line is no document, or nullptr.
const char* read_line(dom::parser& parser, const std::string& line, const CorpusSettings& settings,
                      Document& document) {
  if (line.find_first_not_of(" \t\r") == std::string::npos) return "empty";
  if (!simdjson::validate_utf8(line)) return "bad_utf8";
  dom::element root;
  if (parser.parse(line).get(root) != simdjson::SUCCESS) return "bad_json";
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return "not_an_object";
  dom::element value;
  if (object.at_key(settings.text_field).get(value) != simdjson::SUCCESS) return "no_text_field";
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return "text_not_a_string";
  document.text = std::string(text);
  document.title = title_of(object, settings);
  return accept_text(document.text);
}

void parse_lines(const RawBatch& batch, const std::vector<CorpusFile>& files, const CorpusSettings& settings,
                 ParsedBatch& parsed) {
  dom::parser parser;
  for (std::size_t i = 0; i < batch.lines.size(); ++i) {
    Document document;
    document.source = files[batch.file].name;
    document.line = batch.line + i;
    if (const char* reason = read_line(parser, batch.lines[i], settings, document)) {
      parsed.rejects.push_back({batch.file, document.line, reason});
      continue;
    }
    parsed.documents.push_back(std::move(document));
    parsed.files.push_back(batch.file);
  }
}

void parse_files(const RawBatch& batch, const std::vector<CorpusFile>& files, ParsedBatch& parsed) {
  for (std::size_t file = batch.file; file < batch.file + batch.files; ++file) {
    Document document;
    document.text = read_file(files[file].path);
    document.source = files[file].name;
    if (is_lfs_pointer(document.text)) throw lfs_pointer_error(files[file].path.string());
    if (const char* reason = accept_text(document.text)) {
      parsed.rejects.push_back({file, 0, reason});
      continue;
    }
    parsed.documents.push_back(std::move(document));
    parsed.files.push_back(file);
  }
}

}  // namespace

std::string clean_text(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t begin = 0;  // of the first line that is not blank
  for (std::size_t i = 0; i < text.size() && (is_blank(text[i]) || text[i] == '\n'); ++i)
    if (text[i] == '\n') begin = i + 1;
  std::size_t end = text.size();
  while (end > begin && (is_blank(text[end - 1]) || text[end - 1] == '\n')) --end;
  std::string cleaned;
  cleaned.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i)
    if (text[i] != '\r' || i + 1 == end || text[i + 1] != '\n') cleaned += text[i];
  return cleaned;
}

ParsedBatch parse_batch(const RawBatch& batch, const std::vector<CorpusFile>& files,
                        const CorpusSettings& settings) {
  ParsedBatch parsed;
  if (batch.files > 0)
    parse_files(batch, files, parsed);
  else
    parse_lines(batch, files, settings, parsed);
  return parsed;
}

}  // namespace film::corpus

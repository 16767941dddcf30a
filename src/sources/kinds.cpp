#include "kinds.h"

#include <algorithm>

#include "documents/converter.h"
#include "film/base/strings.h"
#include "film/base/text_stream.h"
#include "foreign.h"
#include "parquet.h"

namespace film::sources {
namespace {

struct KindEnding {
  const char* ending;
  FileKind kind;
};
constexpr std::array kEndingsOfKinds = {
    KindEnding{".jsonl", FileKind::jsonl}, KindEnding{".ndjson", FileKind::jsonl},
    KindEnding{".json", FileKind::jsonl},  KindEnding{".csv", FileKind::csv},
    KindEnding{".tsv", FileKind::tsv},     KindEnding{".tab", FileKind::tsv},
    KindEnding{".html", FileKind::html},   KindEnding{".htm", FileKind::html},
    KindEnding{".xhtml", FileKind::html},  KindEnding{".epub", FileKind::epub},
    KindEnding{".docx", FileKind::docx},   KindEnding{".odt", FileKind::odt},
    KindEnding{".pdf", FileKind::pdf},     KindEnding{".parquet", FileKind::parquet}};

bool takes(const FileFilter& filter, FileKind kind) {
  return std::ranges::find(filter.kinds, kind) != filter.kinds.end();
}

bool is_markdown(std::string_view plain) { return plain.ends_with(".md") || plain.ends_with(".markdown"); }

// In lower case and without the ending of a compressed file.
std::string plain_name(const std::string& name) {
  std::string plain = to_lower_ascii(name);
  for (const std::string_view packed : kPackedEndings)
    if (plain.ends_with(packed)) {
      plain.resize(plain.size() - packed.size());
      break;
    }
  return plain;
}

constexpr std::string_view kBlank = " \t\r\n";

// Empty for a damaged file: whoever reads it says so.
std::string first_block(const fs::path& path) {
  std::string block;
  try {
    const std::unique_ptr<ByteStream> bytes = open_text(path);
    while (block.empty() && bytes->read(block)) {
    }
  } catch (const Error& error) {
    if (error.code() != ExitCode::bad_data) throw;
  }
  return block;
}

// jsonl or json, if the file begins like one.
std::optional<FileKind> json_kind(const fs::path& path) {
  const std::string block = first_block(path);
  std::string_view text = without_byte_order_mark(block);
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  const std::size_t second = std::min(text.find_first_not_of(kBlank, 1), text.size());
  const char next = second < text.size() ? text[second] : '\0';
  if (text.starts_with('[')) return next == '{' || next == ']' ? std::optional(FileKind::json) : std::nullopt;
  if (!text.starts_with('{')) return std::nullopt;
  const bool alone = text.substr(1, second - 1).find_first_of("\r\n") != std::string_view::npos;
  return alone ? FileKind::json : FileKind::jsonl;
}

// A page, and no text that speaks of pages: <!doctype html>, or <html> with the tags that come first in it.
bool is_page(const fs::path& path) {
  constexpr std::size_t kBeginning = 4096;
  const std::string block = first_block(path);
  const std::string head = to_lower_ascii(without_byte_order_mark(block).substr(0, kBeginning));
  std::string_view text = head;
  for (bool skipped = true; skipped;) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    const std::string_view end = text.starts_with("<!--") ? "-->" : text.starts_with("<?xml") ? "?>" : "";
    skipped = !end.empty() && text.find(end) != text.npos;
    if (skipped) text.remove_prefix(text.find(end) + end.size());
  }
  if (text.starts_with("<!doctype html")) return true;
  const auto has = [&](std::string_view tag) { return text.find(tag) != text.npos; };
  return text.starts_with("<html") && (has("<head") || has("<body") || has("<title") || has("<meta"));
}

}  // namespace

std::optional<FileKind> kind_by_content(const fs::path& path, const FileFilter& filter) {
  std::optional<FileKind> kind = document_by_content(path);
  if (!kind && takes(filter, FileKind::html) && is_page(path)) kind = FileKind::html;
  if (!kind || !takes(filter, *kind)) return std::nullopt;
  const bool missing = (*kind == FileKind::pdf && !find_program("pdftotext")) ||
                       (*kind == FileKind::parquet && !parquet_program());
  return missing ? std::nullopt : kind;
}

std::optional<FileKind> kind_by_name(const std::string& name, const FileFilter& filter) {
  const std::string plain = plain_name(name);
  for (const std::string& ending : filter.text_endings)
    if (plain.ends_with(to_lower_ascii(ending)))
      return is_markdown(plain) ? FileKind::markdown : FileKind::text;
  for (const auto& [ending, kind] : kEndingsOfKinds)
    if (plain.ends_with(ending) && takes(filter, kind)) return kind;
  return std::nullopt;
}

FileKind kind_of_file(const fs::path& path, const FileFilter& filter) {
  if (const std::optional<FileKind> kind = kind_by_content(path, filter)) return *kind;
  const std::optional<FileKind> named = kind_by_name(path.filename().string(), filter);
  if (named == FileKind::text || named == FileKind::markdown || named == FileKind::html) return *named;
  if (takes(filter, FileKind::jsonl))
    if (const std::optional<FileKind> kind = json_kind(path)) return *kind;  // whatever its name
  if (named) return *named;
  return filter.text_endings.empty() ? FileKind::csv : FileKind::text;
}

}  // namespace film::sources

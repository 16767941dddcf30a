#include "kinds.h"

#include <algorithm>

#include "film/base/byte_stream.h"
#include "film/base/strings.h"

namespace film::sources {
namespace {

struct KindEnding {
  const char* ending;
  FileKind kind;
};
constexpr std::array kRowEndings = {
    KindEnding{".jsonl", FileKind::jsonl}, KindEnding{".ndjson", FileKind::jsonl},
    KindEnding{".json", FileKind::jsonl},  KindEnding{".csv", FileKind::csv},
    KindEnding{".tsv", FileKind::tsv},     KindEnding{".tab", FileKind::tsv}};

bool takes(const FileFilter& filter, FileKind kind) {
  return std::ranges::find(filter.row_kinds, kind) != filter.row_kinds.end();
}

bool is_markdown(std::string_view plain) { return plain.ends_with(".md") || plain.ends_with(".markdown"); }

// In lower case and without the ending of a compressed file.
std::string plain_name(const std::string& name) {
  std::string plain = to_lower_ascii(name);
  for (const std::string_view packed : {".gz", ".zst"})
    if (plain.ends_with(packed)) {
      plain.resize(plain.size() - packed.size());
      break;
    }
  return plain;
}

// The first character that is neither white space nor a byte order mark; 0 if there is none among the first block.
char first_character(const fs::path& path) {
  std::string block;
  open_bytes(path)->read(block);
  const std::string_view text = without_byte_order_mark(block);
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : text[at];
}

}  // namespace

std::optional<FileKind> kind_by_name(const std::string& name, const FileFilter& filter) {
  const std::string plain = plain_name(name);
  for (const std::string& ending : filter.text_endings)
    if (plain.ends_with(to_lower_ascii(ending)))
      return is_markdown(plain) ? FileKind::markdown : FileKind::text;
  for (const auto& [ending, kind] : kRowEndings)
    if (plain.ends_with(ending) && takes(filter, kind)) return kind;
  return std::nullopt;
}

FileKind kind_of_file(const fs::path& path, const FileFilter& filter) {
  const std::optional<FileKind> named = kind_by_name(path.filename().string(), filter);
  const bool cells = named == FileKind::csv || named == FileKind::tsv;
  if (named && !cells) return *named;
  if (takes(filter, FileKind::jsonl) && first_character(path) == '{')
    return FileKind::jsonl;  // whatever its name
  if (named) return *named;
  return filter.text_endings.empty() ? FileKind::csv : FileKind::text;
}

}  // namespace film::sources

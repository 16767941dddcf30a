#include "cut.h"

#include "documents.h"
#include "film/base/strings.h"
#include "film/sources/rows.h"
#include "headings.h"

namespace film::corpus {
namespace {

// Where a part may begin, and where it has to.
class PartBorders {
 public:
  PartBorders(const std::vector<std::string_view>& lines, std::uint64_t tokens)
      : lines_(lines), wanted_(tokens), least_(tokens / 4) {}

  bool begins_at(std::size_t line, std::uint64_t tokens_before) const {
    if (trim(lines_[line]).empty())
      return false;  // or the heading behind it would not be a part's first line
    if (tokens_before >= least_ && is_heading(lines_, line)) return true;
    const bool paragraph = line > 0 && trim(lines_[line - 1]).empty();
    return tokens_before >= wanted_ + (paragraph ? 0 : least_);
  }
  bool is_rest(std::uint64_t tokens) const { return tokens < least_; }

 private:
  const std::vector<std::string_view>& lines_;
  std::uint64_t wanted_, least_;
};

DocumentPart part_of(const std::vector<std::string_view>& lines, std::size_t begin, std::size_t end) {
  DocumentPart part;
  part.line = begin;
  const char* first = lines[begin].data();
  part.text = std::string(first, lines[end - 1].data() + lines[end - 1].size());
  if (is_heading(lines, begin)) part.heading = std::string(trim(lines[begin], "#"));
  return part;
}

bool is_one_document(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings) {
  sources::SourceReader reader(files);
  std::size_t documents = 0;
  for (std::size_t number = 0; number < 2 && documents < 2; ++number) {
    const std::unique_ptr<sources::Batch> batch = reader.pull(number);
    if (!batch) return documents == 1;
    documents += read_documents(*batch, files, settings).documents.size();
  }
  return false;
}

}  // namespace

bool cuts_documents(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                    const CorpusNeeds& needs) {
  if (settings.cut.when == CutWhen::longer) return true;
  return settings.cut.when == CutWhen::alone && needs.fillers && is_one_document(files, settings);
}

std::vector<DocumentPart> cut_document(std::string_view text, const text::Tokenizer& tokenizer,
                                       const CutSettings& settings) {
  const std::vector<std::string_view> lines = split(text, "\n");
  const PartBorders borders(lines, settings.tokens);
  std::vector<std::size_t> begins = {0};
  std::uint64_t tokens = 0;  // of the part begun
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > begins.back() && borders.begins_at(i, tokens)) {
      begins.push_back(i);
      tokens = 0;
    }
    tokens += tokenizer.encode_continuation(lines[i]).size() + 1;
  }
  if (begins.size() > 1 && borders.is_rest(tokens)) begins.pop_back();
  std::vector<DocumentPart> parts;
  for (std::size_t p = 0; p < begins.size(); ++p)
    parts.push_back(part_of(lines, begins[p], p + 1 < begins.size() ? begins[p + 1] : lines.size()));
  return parts;
}

}  // namespace film::corpus

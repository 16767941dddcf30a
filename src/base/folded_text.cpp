#include "film/base/folded_text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <array>

#include "film/base/error.h"
#include "film/base/unicode.h"

namespace film {
namespace {

const UNormalizer2& nfkc() {
  static const UNormalizer2* const normalizer = [] {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2* found = ::unorm2_getNFKCInstance(&code);
    if (U_FAILURE(code)) throw os_error(std::string("ICU: no normalisation: ") + u_errorName(code));
    return found;
  }();
  return *normalizer;
}

bool is_ignored(char32_t c) {
  return c >= 0x80 && ::u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

bool begins_piece(char32_t c) { return ::unorm2_hasBoundaryBefore(&nfkc(), static_cast<UChar32>(c)) != 0; }

constexpr std::u32string_view kSingle = U"'`´‘’‚‛‹›′‵ʹʻʼʽ";
constexpr std::u32string_view kDouble = U"\"“”„‟«»″‶〝〞〟「」『』";
constexpr std::u32string_view kDashes = U"-‐‑‒–—―−﹘﹣－⁃";
constexpr std::u32string_view kNoBlankBefore = U"!?;:%";
constexpr char32_t kSpaceMark = 0x2581;

// The plain form of one character of NFKC.
char32_t plain(char32_t c) {
  if (c == kSpaceMark || is_space(c)) return ' ';
  if (kSingle.find(c) != kSingle.npos) return '\'';
  if (kDouble.find(c) != kDouble.npos) return '"';
  return kDashes.find(c) != kDashes.npos ? U'-' : c;
}

bool sticks(char32_t c) { return c == '"' || c == '-'; }

}  // namespace

// Builds a folded text piece by piece: what normalisation may change together.
class TextFolder {
 public:
  TextFolder(std::string_view original, FoldedText& folded) : original_(original), folded_(folded) {}

  void run() {
    for (std::size_t at = 0; at < original_.size();) {
      const CodePoint c = code_point_at(original_, at);
      begin_ = at;
      at += c.size;
      if (is_ignored(c.value)) continue;
      std::u32string piece = {c.value};
      for (CodePoint next = code_point_at(original_, at); next.size > 0;
           next = code_point_at(original_, at)) {
        if (!is_ignored(next.value)) {
          if (is_ascii_unit(next.value) || begins_piece(next.value)) break;
          piece += next.value;
        }
        at += next.size;
      }
      end_ = at;
      cjk_ = is_cjk(c.value);
      take(piece);
    }
  }

 private:
  static bool is_ascii_unit(char32_t c) { return c < 0x80; }

  void take(const std::u32string& piece) {
    if (piece.size() == 1 && is_ascii_unit(piece[0])) return emit(plain(piece[0]));
    // Quotation marks and dashes first: normalisation takes some of them apart, a blank with a mark for instance.
    if (piece.size() == 1 && plain(piece[0]) != piece[0]) return emit(plain(piece[0]));
    for (const char32_t c : normalised(piece)) emit(plain(c));
  }

  static std::u32string normalised(const std::u32string& piece) {
    std::u16string wide;
    for (const char32_t c : piece) {
      std::array<UChar, 2> units{};
      std::int32_t size = 0;
      U16_APPEND_UNSAFE(units.data(), size, c);
      wide.append(units.begin(), units.begin() + size);
    }
    std::u16string composed(wide.size() * 18 + 1, u'\0');  // no character grows more
    UErrorCode code = U_ZERO_ERROR;
    const std::int32_t size =
        ::unorm2_normalize(&nfkc(), wide.data(), static_cast<std::int32_t>(wide.size()), composed.data(),
                           static_cast<std::int32_t>(composed.size()), &code);
    if (U_FAILURE(code)) return piece;
    std::u32string result;
    for (std::int32_t i = 0; i < size;) {
      UChar32 c = 0;
      U16_NEXT(composed.data(), i, size, c);
      result += static_cast<char32_t>(c);
    }
    return result;
  }

  void emit(char32_t c) {
    if (c == ' ') {
      blank_ = true;
      return;
    }
    const bool first = folded_.text_.empty();
    if (blank_ && !first && keeps_blank_before(c)) append(' ');
    if (!join_last(c)) append(c);
    last_ = join_target_;
    last_cjk_ = cjk_;
    blank_ = false;
  }

  bool keeps_blank_before(char32_t c) const {
    if (last_cjk_ && cjk_) return false;
    return !sticks(last_) && !sticks(c) && kNoBlankBefore.find(c) == kNoBlankBefore.npos;
  }

  // '' is ", and several dashes are one.
  bool join_last(char32_t c) {
    join_target_ = c;
    const bool quote = c == '\'' && last_ == '\'' && !blank_, dash = c == '-' && last_ == '-';
    if (!quote && !dash) return false;
    folded_.text_.back() = quote ? '"' : '-';
    folded_.ends_.back() = static_cast<std::uint32_t>(end_);
    join_target_ = quote ? U'"' : U'-';
    return true;
  }

  void append(char32_t c) {
    append_utf8(folded_.text_, c);
    folded_.begins_.resize(folded_.text_.size(), static_cast<std::uint32_t>(begin_));
    folded_.ends_.resize(folded_.text_.size(), static_cast<std::uint32_t>(end_));
  }

  std::string_view original_;
  FoldedText& folded_;
  std::size_t begin_ = 0, end_ = 0;  // of the piece in the original
  bool blank_ = false;               // white space waits for what follows
  bool cjk_ = false, last_cjk_ = false;
  char32_t last_ = 0, join_target_ = 0;
};

FoldedText::FoldedText(std::string_view original) { TextFolder(original, *this).run(); }

}  // namespace film

// Which encoding a text that is not UTF-8 most likely has.
#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "film/base/error.h"
#include "film/base/text_stream.h"
#include "film/base/unicode.h"

namespace film {
namespace {

constexpr std::size_t kSample = 1 << 16;
constexpr double kGood = 0.35;  // a worse guess is none

using Text = std::u16string;

constexpr std::u16string_view kSimplified =
    u"的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里，"
    u"。、：；“”";
constexpr std::u16string_view kTraditional =
    u"的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡，"
    u"。、：；「」";
constexpr std::u16string_view kThai = u"าอนรกเงยมลวดทสตปบคหแจพชขใไโะีิุูั่้็์ำ";
constexpr std::u16string_view kKorean = u"이다는을의에가고하은로를지한도기사리어나서인그자아해시";

bool is_kana(char16_t c) { return c >= 0x3041 && c <= 0x30FE; }
bool is_cyrillic_small(char16_t c) { return c >= 0x0430 && c <= 0x045F; }
bool is_ascii_unit(char16_t c) { return c < 0x80; }

// Fraction of the characters beyond ASCII that `holds` is true of.
double fraction(const Text& text, const std::function<bool(std::size_t)>& holds) {
  double all = 0, found = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_ascii_unit(text[i])) continue;
    all += 1;
    found += holds(i) ? 1 : 0;
  }
  return all > 0 ? found / all : 0;
}

// Beside another character beyond ASCII.
bool in_word(const Text& text, std::size_t i) {
  return (i > 0 && !is_ascii_unit(text[i - 1])) || (i + 1 < text.size() && !is_ascii_unit(text[i + 1]));
}

// The most frequent characters are a third and more of a text.
double frequent(const Text& text, std::u16string_view characters) {
  return std::min(1.0, 2.5 * fraction(text, [&](std::size_t i) {
                         return characters.find(text[i]) != std::u16string_view::npos;
                       }));
}

double kana(const Text& text) {
  return std::min(1.0, 2 * fraction(text, [&](std::size_t i) { return is_kana(text[i]); }));
}

double cyrillic(const Text& text) {
  return fraction(text, [&](std::size_t i) { return in_word(text, i) && is_cyrillic_small(text[i]); });
}

// Accented letters, quotation marks and dashes stand alone among ASCII letters.
double latin(const Text& text, std::u16string_view known) {
  return 0.9 * fraction(text, [&](std::size_t i) {
           return !in_word(text, i) && known.find(text[i]) != known.npos;
         });
}

constexpr std::u16string_view kWestern =
    u"àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßÀÁÂÄÅÆÇÈÉÊÍÑÓÔÖØÚÜœŒ“”‘’„‚…–—€£§©®°«»¿¡·•\u00A0";
constexpr std::u16string_view kCentral = u"ąćęłńóśźżčďěňřšťůžáéíýőűúöüäÁČĐŁŠŚŻŽÓ“”‘’„…–—\u00A0";

struct Candidate {
  const char* name;  // for iconv; ICU knows it too
  double (*score)(const Text& text);
};
constexpr std::array kCandidates = {
    Candidate{"GB18030", [](const Text& text) { return frequent(text, kSimplified); }},
    Candidate{"BIG5", [](const Text& text) { return frequent(text, kTraditional); }},
    Candidate{"SHIFT_JIS", kana},
    Candidate{"EUC-JP", kana},
    Candidate{"EUC-KR", [](const Text& text) { return frequent(text, kKorean); }},
    Candidate{"WINDOWS-1252", [](const Text& text) { return latin(text, kWestern); }},
    Candidate{"WINDOWS-1250", [](const Text& text) { return latin(text, kCentral); }},
    Candidate{"WINDOWS-1251", cyrillic},
    Candidate{"KOI8-R", cyrillic},
    Candidate{"TIS-620", [](const Text& text) {
                return fraction(text, [&](std::size_t i) {
                  return in_word(text, i) && kThai.find(text[i]) != kThai.npos;
                });
              }}};

// Nothing when the bytes are not of that encoding.
std::optional<Text> decoded(std::string_view bytes, const char* encoding) {
  UErrorCode code = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&::ucnv_close)> converter(::ucnv_open(encoding, &code),
                                                                       ::ucnv_close);
  ::ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &code);
  Text text(bytes.size() + 1, u'\0');
  const std::int32_t size =
      ::ucnv_toUChars(converter.get(), text.data(), static_cast<std::int32_t>(text.size()), bytes.data(),
                      static_cast<std::int32_t>(bytes.size()), &code);
  const bool cut_off = code == U_TRUNCATED_CHAR_FOUND;  // the sample ends inside a character
  if (U_FAILURE(code) && !cut_off) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// Text of Latin letters has a zero in every second byte.
std::string wide_encoding(std::string_view text) {
  if (text.starts_with(std::string_view("\xFF\xFE\0\0", 4)) ||
      text.starts_with(std::string_view("\0\0\xFE\xFF", 4)))
    return "UTF-32";
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\0') ++zeros[i % 2];
  const std::size_t many = text.size() / 8;
  if (zeros[1] > many && zeros[0] < many / 8 + 1) return "UTF-16LE";
  if (zeros[0] > many && zeros[1] < many / 8 + 1) return "UTF-16BE";
  return {};
}

}  // namespace

std::string guess_encoding(std::string_view text) {
  text = text.substr(0, kSample);
  if (text.find('\0') != std::string_view::npos) return wide_encoding(text);
  std::string best;
  double best_score = kGood;
  for (const Candidate& candidate : kCandidates) {
    const std::optional<Text> read = decoded(text, candidate.name);
    const double score = read ? candidate.score(*read) : 0;
    if (score <= best_score) continue;
    best = candidate.name;
    best_score = score;
  }
  return best;
}

std::string encoding_advice(const fs::path& file) {
  std::string text;
  const std::unique_ptr<ByteStream> bytes = open_bytes(file);
  while (text.size() < kSample && bytes->read(text)) {
  }
  const std::string name = file.filename().string(), encoding = guess_encoding(text);
  if (encoding.empty() && text.find('\0') != std::string::npos) return "it is binary data, not text";
  const std::string line = "iconv -f " + (encoding.empty() ? "ENCODING" : encoding) + " -t UTF-8 " + name +
                           " > " + file.stem().string() + ".utf8" + file.extension().string();
  return (encoding.empty() ? "it is not UTF-8: " : "it looks like " + encoding + ": ") + line;
}

}  // namespace film

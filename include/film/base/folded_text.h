#pragma once
// Text as it is compared with what a person typed, copied from a page or took from another program.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace film {

// One spelling for all typographic forms of the same text, with the way back to the original:
//   - composed and decomposed letters, ligatures, full-width and half-width forms: NFKC;
//   - quotation marks of every language: " or '; dashes and hyphens, also in a row: -; an ellipsis: ...;
//   - soft hyphens, zero-width characters and byte order marks: nothing;
//   - white space, U+2581 too: one blank; none at the ends, between two characters of Chinese or Japanese, beside " and
//     -, nor before ! ? ; : %.
// Capitals and all letters stay different.
class FoldedText {
 public:
  explicit FoldedText(std::string_view original);
  const std::string& text() const { return text_; }

  struct Place {
    std::size_t begin = 0, end = 0;
  };
  // The bytes of the original that text()[begin, end) comes from; begin < end.
  Place original(std::size_t begin, std::size_t end) const { return {begins_[begin], ends_[end - 1]}; }

 private:
  friend class TextFolder;
  std::string text_;
  std::vector<std::uint32_t> begins_,
      ends_;  // of each byte of text_: the piece of the original that it comes from
};

}  // namespace film

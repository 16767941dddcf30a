#include "word_breaker.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <memory>
#include <string>

#include "film/base/error.h"

namespace film {
namespace {

void require(UErrorCode code, const char* what) {
  if (U_FAILURE(code)) throw os_error(std::string("ICU: ") + what + ": " + u_errorName(code));
}

class WordBreaker {
 public:
  WordBreaker() {
    UErrorCode code = U_ZERO_ERROR;
    iterator_.reset(::ubrk_open(UBRK_WORD, "", nullptr, 0, &code));
    require(code, "no rules for word borders");
  }

  void append_ends(std::string_view run, std::size_t offset, std::vector<std::size_t>& ends) {
    UErrorCode code = U_ZERO_ERROR;
    ::utext_openUTF8(&text_, run.data(), static_cast<std::int64_t>(run.size()), &code);
    require(code, "cannot read a text");
    ::ubrk_setUText(iterator_.get(), &text_, &code);
    require(code, "cannot look for words");
    for (std::int32_t end; (end = ::ubrk_next(iterator_.get())) != UBRK_DONE;)
      ends.push_back(offset + static_cast<std::size_t>(end));
  }

  ~WordBreaker() { ::utext_close(&text_); }
  WordBreaker(const WordBreaker&) = delete;
  WordBreaker& operator=(const WordBreaker&) = delete;

 private:
  std::unique_ptr<UBreakIterator, decltype(&::ubrk_close)> iterator_{nullptr, ::ubrk_close};
  UText text_ = UTEXT_INITIALIZER;
};

}  // namespace

void append_word_ends(std::string_view text, std::size_t begin, std::size_t end,
                      std::vector<std::size_t>& ends) {
  thread_local WordBreaker breaker;
  breaker.append_ends(text.substr(begin, end - begin), begin, ends);
}

}  // namespace film

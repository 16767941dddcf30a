#pragma once
// Settings of questions about twins: contexts without the evidence (setting contexts.twins of film synth).
#include <string>
#include <string_view>
#include <vector>

#include "film/base/settings.h"

namespace film::questions {

// What is answered to a question in one script.
struct Refusal {
  std::string script;  // of the question (base/script.h); empty: of all that have no other
  std::string text;
  void describe(Fields& f);
};

// Group "twins".
struct TwinSettings {
  std::vector<Refusal> answers = {{"", "The context does not say."},
                                  {"Hani", "文中没有说明。"},
                                  {"Jpan", "文中には書かれていません。"},
                                  {"Thai", "ในเนื้อหาไม่ได้ระบุไว้"}};

  const std::string& answer_to(std::string_view question) const;
  void describe(Fields& f);
  void check() const;  // throws config_error
};

}  // namespace film::questions

#pragma once
// Material of the document, code and database probes, small enough to be counted by hand.
#include <gtest/gtest.h>

#include <fstream>

#include "film/base/random.h"
#include "film/tasks/build.h"
#include "temp_folder.h"

namespace film::tasks::testing {

// One token a word and one a line break: lengths can be counted by hand.
inline std::uint32_t tokens_of_line(std::string_view line) {
  std::uint32_t words = 1;
  bool inside = false;
  for (const char c : line) {
    if (c != ' ' && !inside) ++words;
    inside = c != ' ';
  }
  return words;
}

class ProbeMaterial : public ::testing::Test {
 protected:
  void SetUp() override {
    make_folder(folder_ / "text");
    make_folder(folder_ / "code" / "deep");
    write_text();
    write_code();
    write_rows();
    settings_.document.source = (folder_ / "text").string();
    settings_.code.source = (folder_ / "code").string();
    settings_.database.source = (folder_ / "rows.csv").string();
    for (ProbeSize* size :
         {static_cast<ProbeSize*>(&settings_.document), static_cast<ProbeSize*>(&settings_.code),
          static_cast<ProbeSize*>(&settings_.database)}) {
      size->context_tokens = 400;
      size->items = 200;
      size->contexts = 10;
    }
  }

  void write_text() {
    std::ofstream plain(folder_ / "text" / "a.txt");
    Random random(1, "test.text");
    for (int s = 0; s < 120; ++s) plain << sentence(random, s) << (s % 4 == 3 ? "\n\n" : " ");
    std::ofstream lines(folder_ / "text" / "b.jsonl");
    for (int s = 120; s < 160; ++s) lines << to_line({{"text", sentence(random, s)}}) << "\n";
  }
  static std::string sentence(Random& random, int number) {
    std::string text = "Sentence " + std::to_string(number);
    for (int w = 0; w < 18; ++w) text += " w" + std::to_string(random.below(5000));
    return text + ".";
  }
  void write_code() {
    std::ofstream file(folder_ / "code" / "deep" / "m.py");
    for (int f = 0; f < 80; ++f)
      file << "class C" << f << ":\n    async def method_" << f
           << "(self,\n            x):\n        \"\"\"Doc\n        more.\n"
           << "        \"\"\"\n        # comment\n        alpha = " << f
           << "\n\n        beta_value = alpha + " << f << "\n        return beta_value * " << f
           << "\n        pass\n";
    file << "def method_0():\n    same = 'name'\n    other = same\n    return other\n";  // a name used before
    file << "def too_short():\n    return nothing\n";
    std::ofstream twins(folder_ / "code" / "twins.py");
    for (int f = 0; f < 10; ++f)
      twins << "def twin_" << f << "():\n    x = " << f
            << "\n    common_line = shared()\n    return common_line\n";
  }
  void write_rows() {
    std::ofstream file(folder_ / "rows.csv");
    file << "\xEF\xBB\xBFid,label,description\r\n";
    for (int r = 0; r < 90; ++r)
      file << "Q" << r << ",\"Label, [no. " << r << "]\",thing \"number\" " << r << " of the list\r\n";
    file << "Q5,again,the id came before\r\n";
    file << "Q900,,no label\r\n";
  }

  Task build(const std::string& task) {
    return build_task(task, Catalog({}), {.settings = settings_, .tokens = tokens_of_line});
  }

  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
  Settings settings_;
};

}  // namespace film::tasks::testing

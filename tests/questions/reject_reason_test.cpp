// One table of reasons: the one that docs/formats.md shows, and room for those of other modules.
#include "questions/reject_reason.h"

#include <gtest/gtest.h>

#include <set>

#include "film/base/files.h"
#include "film/endpoint/chat.h"
#include "film/sources/rows.h"

namespace film::questions {
namespace {

std::set<std::string> names() {
  std::set<std::string> all;
  for (const std::string& name : names_of<RejectReason>()) all.insert(name);
  return all;
}

// The words in backquotes of the list that follows "Reasons:", but for the names of the generators.
std::set<std::string> documented() {
  const std::string page = read_file(FILM_SOURCE_DIR "/docs/formats.md");
  const std::size_t begin = page.find("\n", page.find("Reasons:\n") + 1);
  const std::string list = page.substr(begin, page.find("\n\n", begin + 2) - begin);
  std::set<std::string> words;
  for (std::size_t at = 0; (at = list.find('`', at)) != std::string::npos;) {
    const std::size_t end = list.find('`', at + 1);
    words.insert(list.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  for (const char* generator : {"offline", "endpoint", "import"}) EXPECT_EQ(words.erase(generator), 1u);
  return words;
}

TEST(RejectReason, TheTableIsWhole) {
  const auto table = enum_names(RejectReason{});
  for (std::size_t i = 0; i < table.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(table[i].value), i);
  EXPECT_EQ(table.back().value, RejectReason::quote_in_several_segments);
  EXPECT_EQ(names().size(), table.size());
}

TEST(RejectReason, FormatsMdListsThem) { EXPECT_EQ(documented(), names()); }

TEST(RejectReason, EveryReasonOfAnEndpointIsOne) {
  for (const auto& [reason, name] : enum_names(endpoint::Reason{})) {
    if (reason == endpoint::Reason::none) continue;  // it has an answer
    EXPECT_EQ(name_of(to_reject_reason(reason)), name);
  }
}

TEST(RejectReason, EveryFaultOfARowIsOne) {
  using sources::RowFault;
  for (const auto& [fault, name] : enum_names(RowFault{})) {
    // Blank lines are no rows, import asks for no column that a row must have, and takes no documents.
    const std::set<RowFault> others = {RowFault::empty,   RowFault::missing,   RowFault::missing_column,
                                       RowFault::damaged, RowFault::encrypted, RowFault::scanned,
                                       RowFault::garbled};
    if (others.contains(fault)) continue;
    EXPECT_EQ(name_of(to_reject_reason(fault)), name);
  }
}

}  // namespace
}  // namespace film::questions

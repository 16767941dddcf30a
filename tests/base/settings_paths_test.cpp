// Settings that are paths are recorded so that they hold in every folder.
#include <gtest/gtest.h>

#include "film/base/settings.h"

namespace film {
namespace {

struct Part {
  std::vector<std::string> data = {"d", "/e/../f"};
  std::string name = "g";
  void describe(Fields& f) {
    f.add("data", data, "several").path();
    f.add("name", name, "no path");
  }
};

struct WithPaths {
  std::string file = "a/../b.txt", none, word = "c";
  std::vector<std::string> folders = {"d"};
  std::vector<Part> parts = {{}, {}};
  void describe(Fields& f) {
    f.add("file", file, "one").path();
    f.add("none", none, "empty").path();
    f.add("word", word, "no path");
    f.add("folders", folders, "several").path();
    f.list("parts", parts, "groups");
  }
};

std::string here(const std::string& name) { return (fs::current_path() / name).string(); }

TEST(Settings, RecordsPathsThatHoldInEveryFolder) {
  WithPaths paths;
  Fields fields;
  paths.describe(fields);
  const Json record = fields.record();
  EXPECT_EQ(record.at("file"), here("b.txt"));
  EXPECT_EQ(record.at("none"), "");
  EXPECT_EQ(record.at("word"), "c");
  EXPECT_EQ(record.at("folders"), Json::array({here("d")}));
  EXPECT_EQ(fields.dump().at("file"), "a/../b.txt");
}

TEST(Settings, RecordsPathsInListsOfGroups) {
  WithPaths paths;
  Fields fields;
  paths.describe(fields);
  const Json part = {{"data", {here("d"), "/f"}}, {"name", "g"}};
  EXPECT_EQ(fields.record().at("parts"), Json::array({part, part}));
  EXPECT_EQ(fields.dump().at("parts").at(0).at("data").at(0), "d");
}

}  // namespace
}  // namespace film

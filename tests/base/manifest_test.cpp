// The list of files with sizes and hashes: written, read, and every damage named.
#include "film/base/manifest.h"

#include "film/base/git_lfs.h"
#include "film/base/sha256.h"
#include "support.h"

namespace film {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_base::failure_of;
using testing_base::TempFolder;

class ManifestTest : public testing::Test {
 protected:
  ManifestTest() {
    folder_.put("a", "content");
    folder_.put("sub/b", "");
  }
  Manifest write(int format = 1) {
    return Manifest::write(folder_.path(), "manifest.json", {"a", "sub/b"}, {{"kind", "synth"}, {"n", 7}},
                           format);
  }
  std::string file() const { return (folder_ / "manifest.json").string(); }

  TempFolder folder_;
};

TEST_F(ManifestTest, WhatIsWrittenIsRead) {
  const Manifest written = write(3);
  const Manifest read = Manifest::read(file());
  for (const Manifest& manifest : {written, read}) {
    EXPECT_EQ(manifest.format(), 3);
    ASSERT_EQ(manifest.files().size(), 2u);
    EXPECT_EQ(manifest.files()[1].path, "sub/b");
    ASSERT_NE(manifest.find("a"), nullptr);
    EXPECT_EQ(manifest.find("a")->bytes, 7u);
    EXPECT_EQ(manifest.find("a")->sha256, sha256("content"));
    EXPECT_EQ(manifest.find("b"), nullptr);
    EXPECT_EQ(manifest.facts(), (Json{{"kind", "synth"}, {"n", 7}}));
    EXPECT_EQ(manifest.fact<int>("n"), 7);
    EXPECT_EQ(manifest.damage(true), "");
  }
  EXPECT_EQ(failure_of([&] { static_cast<void>(read.fact<int>("kind")); }),
            "65 " + file() + ": key \"kind\" has the wrong type: \"synth\"");
  const Json content = read_json(file());
  EXPECT_EQ(content.begin().key(), "format");
  EXPECT_EQ(std::next(content.begin()).key(), "files") << "facts come last";
}

TEST_F(ManifestTest, DamagedManifestsAreBadDataWithTheKey) {
  const std::string entry = R"({"path":"a","bytes":7,"sha256":"x"})";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ": not valid JSON"},
      {"[]", ": key \"format\" is missing"},
      {"{}", ": key \"format\" is missing"},
      {R"({"format":"1","files":[]})", ": key \"format\" has the wrong type: \"1\""},
      {R"({"format":1})", ": key \"files\" is missing"},
      {R"({"format":1,"files":{}})", ": key \"files\" has the wrong type: {}"},
      {R"({"format":1,"files":[5]})", ", files[0]: key \"path\" is missing"},
      {R"({"format":1,"files":[)" + entry + R"(,{"path":"b"}]})", ", files[1]: key \"bytes\" is missing"},
      {R"({"format":1,"files":[{"path":"a","bytes":-7,"sha256":"x"}]})",
       ", files[0]: key \"bytes\" has the wrong type: -7"},
      {R"({"format":1,"files":[{"path":"a","bytes":7}]})", ", files[0]: key \"sha256\" is missing"},
  };
  for (const auto& [content, message] : cases) {
    folder_.put("manifest.json", content);
    EXPECT_THAT(failure_of([&] { Manifest::read(file()); }), HasSubstr("65 " + file() + message)) << content;
  }
  fs::remove(file());
  EXPECT_THAT(failure_of([&] { Manifest::read(file()); }), HasSubstr("66 "));
}

TEST_F(ManifestTest, EveryDamageIsNamed) {
  write();
  const std::string a = (folder_ / "a").string();
  folder_.put("a", "contemt");
  EXPECT_EQ(Manifest::read(file()).damage(false), "") << "sizes alone";
  const std::string edited = a + " is not as it was written: its SHA-256 is " + sha256("contemt") +
                             ", the manifest says " + sha256("content");
  EXPECT_EQ(Manifest::read(file()).damage(true), edited);
  EXPECT_EQ(failure_of([&] { Manifest::read(file()).check_content("put it back"); }),
            "65 " + edited + " | put it back");
  folder_.put("a", "conten");
  EXPECT_EQ(Manifest::read(file()).damage(true), a + " holds 6 bytes, the manifest says 7");
  EXPECT_EQ(failure_of([&] { Manifest::read(file()).check_sizes("make it again"); }),
            "65 " + a + " holds 6 bytes, the manifest says 7 | make it again");
  fs::remove(a);
  EXPECT_EQ(Manifest::read(file()).damage(false), a + " is missing, but the manifest names it");
}

// The facts of a manifest have no other guard than the hash in settings.json.
TEST_F(ManifestTest, IsTheOneThatSettingsKnow) {
  const std::string text = write().text();
  EXPECT_EQ(read_file(file()), text);
  folder_.put("settings.json", to_pretty({{kManifestHash, sha256(text)}}));
  EXPECT_EQ(Manifest::read(file()).fact<int>("n"), 7);
  for (const auto& [from, to] :
       {std::pair{"\"n\": 7", "\"n\": 8"}, {"\"bytes\": 7", "\"bytes\": 6"}, {"synth", "qa"}}) {
    std::string edited = text;
    edited.replace(edited.find(from), std::string(from).size(), to);
    folder_.put("manifest.json", edited);
    EXPECT_THAT(failure_of([&] { Manifest::read(file()); }),
                AllOf(HasSubstr("65 " + file() + " is not as it was written"), HasSubstr(sha256(edited)),
                      HasSubstr(sha256(text))));
  }
  for (const char* settings : {"{}", "[]", "{\"manifest_sha256\": null}"}) {  // of an earlier version
    folder_.put("settings.json", settings);
    EXPECT_NO_THROW(Manifest::read(file())) << settings;
  }
}

TEST(GitLfs, Pointers) {
  EXPECT_TRUE(is_lfs_pointer("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"));
  EXPECT_FALSE(is_lfs_pointer("version https://git-lfs.github.com"));
  EXPECT_FALSE(is_lfs_pointer(""));
  const Error error = lfs_pointer_error("f.model");
  EXPECT_STREQ(error.what(), "f.model is a git-lfs pointer, not the file itself");
  EXPECT_THAT(error.hint(), HasSubstr("git lfs pull"));
}

}  // namespace
}  // namespace film

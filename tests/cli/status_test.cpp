// film status on every kind of folder.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "../support/temp_folder.h"
#include "cli/command.h"
#include "film/base/error.h"

namespace film::cli {
namespace {

using support::TempFolder;

void run_status_of(const fs::path& folder, bool json = false) {
  CLI::App app;
  cli::Run run;
  add_status(app, run);
  std::vector<std::string> arguments = {"status", folder.string()};
  if (json) arguments.emplace_back("--json");
  std::ranges::reverse(arguments);
  app.parse(arguments);
  run({});
}

std::string status_text(const fs::path& folder, bool json = false) {
  ::testing::internal::CaptureStdout();
  run_status_of(folder, json);
  std::fflush(stdout);
  return ::testing::internal::GetCapturedStdout();
}

TEST(Status, OfAModelFolder) {
  const TempFolder folder;
  write_file(folder / "config.json", "{}");
  write_file(folder / "model.safetensors", "x");
  const std::string text = status_text(folder / ".");
  EXPECT_NE(text.find("(model)"), std::string::npos) << text;
  EXPECT_NE(text.find("tokenizer              none"), std::string::npos) << text;
  EXPECT_NE(text.find("next: film eval "), std::string::npos) << text;
  EXPECT_EQ(parse_json(status_text(folder / ".", true), "stdout").at("kind"), "model");
}

TEST(Status, OfAnEvaluation) {
  const TempFolder folder;
  write_file(folder / "settings.json", R"({"command": "eval", "verb": "eval", "settings": {}})");
  write_file(folder / "manifest.json",
             R"({"format": 1, "files": [], "kind": "eval", "report": "report.html"})");
  const std::string text = status_text(folder / ".");
  EXPECT_NE(text.find("(eval)"), std::string::npos) << text;
  EXPECT_NE(text.find("report.html"), std::string::npos) << text;
}

TEST(Status, OfAnUnknownFolderIsAnError) {
  const TempFolder folder;
  EXPECT_THROW(run_status_of(folder / "."), Error);
  EXPECT_THROW(run_status_of(folder / "none"), Error);
}

}  // namespace
}  // namespace film::cli

// The command line as a whole: what is typed, what is answered. Nothing is run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/page.h"
#include "cli/program.h"
#include "cli/shell_line.h"
#include "film/base/strings.h"

namespace film::cli {
namespace {

using testing::HasSubstr;

// "2 what | hint" of a wrong command line, "0" of a right one.
std::string answer(const std::string& typed) {
  CLI::App app;
  cli::Run run;
  describe_program(app, run);
  std::vector<std::string> line;
  for (const std::string_view word : split(typed, " ")) line.emplace_back(word);
  std::vector<std::string> words(line.rbegin(), line.rend() - 1);  // CLI11 takes the last first
  try {
    app.parse(words);
  } catch (const CLI::ParseError& failure) {
    const film::Error error = usage_of(failure, app);
    return std::to_string(static_cast<int>(error.code())) + " " + error.what() + " | " + error.hint();
  }
  return "0";
}

TEST(CommandLine, WrongOnesSayWhatToDo) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"film tarin data", {"2 there is no command \"tarin\"", "did you mean \"train\"?"}},
      {"film evla", {"did you mean \"eval\"?"}},
      {"film zzzz", {"there is no command \"zzzz\" | film help lists all"}},
      {"film config chek", {"there is no command \"config chek\"", "did you mean \"check\"?"}},
      {"film config", {"film config needs a command"}},
      {"film -q", {"film needs a command"}},
      {"film synth a --segmnt 5", {"film synth has no option --segmnt", "did you mean \"--segment\"?"}},
      {"film qa data --zebra", {"film qa has no option --zebra | film help qa lists all"}},
      {"film --versoin", {"film has no option --versoin", "did you mean \"--version\"?"}},
      {"film qa data more", {"film qa does not take \"more\""}},
      {"film train --seed 3 --seed 4", {"--seed is given more than once"}},
      {"film eval m --limit few", {"--limit"}},
      {"film completion tcsh", {"tcsh"}},
  };
  for (const auto& [typed, parts] : cases)
    for (const std::string& part : parts) EXPECT_THAT(answer(typed), HasSubstr(part)) << typed;
}

TEST(CommandLine, HabitsOfOtherProgramsWork) {
  for (const char* typed :
       {"film synth a b.txt -o d", "film synth --input a --tokenizer t --context 5:9 -o d",
        "film qa d --model x --base-url http://h/v1 -n 3", "film ls d", "film help config show",
        "film train a b --data c --model m --lr 1e-4 --steps 5 --batch 2 -o r -q",
        "film eval r1 r2 --data d --task in2 --task code -o e --json", "film status",
        "film show d 3 --split test", "film config show train stages", "film man synth"})
    EXPECT_EQ(answer(typed), "0") << typed;
}

TEST(Pages, EveryCommandIsExplained) {
  CLI::App app;
  cli::Run run;
  describe_program(app, run);
  const std::vector<Page> all = pages(app);
  EXPECT_GT(all.size(), commands().size());
  for (const Page& page : all) {
    EXPECT_FALSE(page.purpose.empty()) << page.name;
    EXPECT_FALSE(page.examples.empty() && page.name != "film version" && page.name != "film doctor")
        << page.name << " has no example";
    for (const std::string& example : page.examples) EXPECT_EQ(example.substr(0, 5), "film ") << page.name;
    for (const auto* rows : {&page.positionals, &page.options, &page.commands})
      for (const PageRow& row : *rows) EXPECT_FALSE(row.help.empty()) << page.name << " " << row.names;
  }
}

TEST(Pages, HelpFitsATerminalOf80Columns) {
  CLI::App app;
  cli::Run run;
  describe_program(app, run);
  for (const Page& page : pages(app)) {
    const std::string text = help_text(page);
    EXPECT_THAT(text, HasSubstr("Usage: " + page.name));
    const std::string explained = text.substr(0, text.find("\nExamples:"));  // a line to copy is not broken
    for (const std::string_view line : split(explained, "\n")) EXPECT_LE(line.size(), 80u) << line;
  }
}

TEST(Pages, ManPagesNameEveryOption) {
  CLI::App app;
  cli::Run run;
  describe_program(app, run);
  for (const Page& page : pages(app)) {
    const std::string text = man_text(page);
    EXPECT_THAT(text, testing::StartsWith(".TH FILM")) << page.name;
    for (const PageRow& row : page.options)
      EXPECT_THAT(text, HasSubstr("\\-" + row.words.back().substr(row.words.back().rfind("-") + 1)));
    for (const std::string_view line : split(text, "\n"))
      EXPECT_FALSE(line.starts_with("'")) << "troff would take it for a request: " << line;
  }
  Page odd;
  odd.name = "film x";
  odd.examples = {".5 a\\b"};
  EXPECT_THAT(man_text(odd), HasSubstr("\n\\&.5 a\\eb\n"));
}

// Every option is another name of settings that exist, with a help text of its own or theirs.
TEST(SettingOptions, EveryOneNamesSettings) {
  for (const SettingOption& option : setting_options()) {
    const Command* command = find_command(option.command);
    ASSERT_NE(command, nullptr) << option.names;
    command->with_settings({}, [&](const Fields& fields, const auto&) {
      for (const std::string& key : option.keys) {
        const std::size_t star = key.find(".*.");
        const Field* field = fields.find(key.substr(0, star));
        ASSERT_NE(field, nullptr) << option.names << " names " << key;
        if (star == std::string::npos) continue;
        const std::vector<Field> members = field->members();
        EXPECT_NE(std::ranges::find(members, key.substr(star + 3), &Field::key), members.end()) << key;
      }
    });
  }
}

Json value_of(const std::string& command, const std::string& key, const OptionWords& words,
              const std::vector<std::string>& set = {}) {
  Json value;
  CommonOptions options;
  options.words = words;
  options.set = set;
  find_command(command)->with_settings(
      options, [&](const Fields& fields, const auto&) { value = fields.find(key)->get(); });
  return value;
}

TEST(SettingOptions, TheySetThem) {
  EXPECT_EQ(value_of("synth", "contexts.target.max", {{"--context", {"100:900"}}}), 900);
  EXPECT_EQ(value_of("synth", "contexts.validation", {{"--contexts", {"5:6:7"}}}), 6);
  EXPECT_EQ(value_of("synth", "inputs", {{"--input", {"2024"}}, {"INPUT", {"b"}}}, {"inputs=a"}),
            (Json{"a", "b", "2024"}));
  EXPECT_EQ(value_of("qa", "generator", {{"--model", {"m"}}}), "endpoint");
  EXPECT_EQ(value_of("qa", "generator", {{"--import", {"q.csv"}}}), "import");
  const Json stages =
      value_of("train", "stages", {{"--steps", {"7"}}, {"--lr", {"0.5"}}, {"--data", {"d", "e"}}},
               {R"(stages=[{"name":"a"},{"name":"b","batch":3}])"});
  for (const Json& stage : stages) {
    EXPECT_EQ(stage.at("steps"), 7);
    EXPECT_EQ(stage.at("schedule").at("peak"), 0.5);
    EXPECT_EQ(stage.at("data"), (Json{"d", "e"}));
  }
  EXPECT_EQ(stages.at(1).at("batch"), 3);
}

std::string refusal(const std::string& command, const OptionWords& words,
                    const std::vector<std::string>& set) {
  try {
    value_of(command, "seed", words, set);
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "taken";
}

TEST(SettingOptions, WrongValuesNameTheOption) {
  EXPECT_THAT(refusal("synth", {{"--context", {"9"}}}, {}), HasSubstr("--context must be MIN:MAX, got 9"));
  EXPECT_THAT(refusal("synth", {{"--contexts", {"1:2"}}}, {}), HasSubstr("TRAIN:VALIDATION:TEST"));
  EXPECT_THAT(refusal("train", {{"--batch", {"0"}}}, {}),
              HasSubstr("--batch: stages[0]: batch must be an integer"));
  EXPECT_THAT(refusal("eval", {{"--split", {"tset"}}}, {}), HasSubstr("did you mean \"test\"?"));
}

TEST(UnknownSettings, TheirPlaceIsNamed) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"train", "records.fraction=1", "`records.fraction` is a setting of `film synth`"},
      {"synth", "bins=5", "`bins` is a setting of `film eval`"},
      {"train", "epochs=3", "it is `stages.0.epochs` here"},
      {"train", "batch_size=3", "film train --batch N"},
      {"eval", "dtype=bf16", "--precision"},
      {"synth", "segment.tokns=3", "did you mean \"segment.tokens\"?"},
      {"synth", "quetzal=3", "film config search quetzal"},
  };
  for (const auto& [command, set, part] : cases)
    EXPECT_THAT(refusal(command, {}, {set}), HasSubstr(part)) << set;
}

TEST(ShellLine, WordsComeBack) {
  EXPECT_EQ(shell_line({"film", "qa", "a b", "x=1", "it's", "", "日本", "$HOME"}),
            "film qa 'a b' x=1 'it'\\''s' '' '日本' '$HOME'");
}

TEST(Errors, AsJson) {
  const Json json = error_json(config_error("what \"it\" is", "do this")).at("error");
  EXPECT_EQ(json.at("code"), 78);
  EXPECT_EQ(json.at("message"), "what \"it\" is");
  EXPECT_EQ(json.at("hint"), "do this");
}

}  // namespace
}  // namespace film::cli

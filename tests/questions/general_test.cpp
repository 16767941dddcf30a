// Instruction data: every form that people share it in, what is refused and why, and the exact ratio.
#include "film/questions/general.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "../support/small_data.h"
#include "film/base/lines.h"
#include "questions/general/conversation_rows.h"

namespace film::questions {
namespace {

using support::failure_of;
using support::hashes;
using support::TempFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string text_of(const ConversationRow& row) {
  if (row.fault) return name_of(*row.fault);
  std::string text = row.conversation.context.empty() ? "" : "{" + row.conversation.context + "} ";
  for (const Turn& turn : row.conversation.turns)
    text += "[" + turn.user + "|" + turn.assistant + (turn.loss ? "]" : "|no loss]");
  return text;
}

std::vector<std::string> read(const TempFolder& folder, const std::string& name, const std::string& content) {
  const auto files = sources::list_files(
      {folder.put(name, content)}, {{}, {sources::FileKind::jsonl, sources::FileKind::csv}}, "general.files");
  std::vector<std::string> texts;
  read_conversations(files.files, [&](const ConversationRow& row) { texts.push_back(text_of(row)); });
  return texts;
}

struct RowCase {
  std::string row, text;
};

TEST(ConversationRows, AreReadInTheFormsThatPeopleShare) {
  const TempFolder folder;
  const std::vector<RowCase> cases = {
      {R"({"messages":[{"role":"user","content":"When does it sail?"},{"role":"assistant","content":"At six."}]})",
       "[When does it sail?|At six.]"},
      {R"({"messages":[{"content":"Be brief.","role":"system"},{"content":"Why?","role":"user"},{"content":"Tide.","role":"assistant"}]})",
       "[Be brief.\n\nWhy?|Tide.]"},
      {R"({"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"},{"from":"human","value":"c"},{"from":"gpt","value":"d"}]})",
       "[a|b][c|d]"},
      {R"({"prompt":[{"role":"user","content":"p"}],"completion":[{"role":"assistant","content":"q"}]})",
       "[p|q]"},
      {R"({"prompt":"ignored","messages":[{"role":"user","content":"u"},{"role":"assistant","content":"v"}]})",
       "[u|v]"},
      {R"({"instruction":"Add.","input":"2 and 3","output":"5"})", "[Add.\n\n2 and 3|5]"},
      {R"({"instruction":"Add.","input":"","output":"5"})", "[Add.|5]"},
      {R"({"instruction":"Who rows?","context":"The ferryman rows.","response":"The ferryman."})",
       "{The ferryman rows.} [Who rows?|The ferryman.]"},
      {R"({"id":"x","system_prompt":"You are kind.","question":"Salt?","response":"Yes."})",
       "[You are kind.\n\nSalt?|Yes.]"},
      {R"({"prompt":"Say e.","completion":" e"})", "[Say e.|e]"},
      {R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},{"role":"user","content":"left over"}]})",
       "[a\n\nb|c]"},
      {R"({"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]})",
       "[a|b|no loss][c|d]"},
      {R"({"messages":[{"role":"user","content":[{"type":"text","text":"parts"}]},{"role":"assistant","content":"fit"}]})",
       "[parts|fit]"}};
  for (const RowCase& c : cases) EXPECT_THAT(read(folder, "x.jsonl", c.row), ElementsAre(c.text)) << c.row;
  EXPECT_THAT(read(folder, "x.csv", "instruction,input,output\nAdd.,\"1, 2\",3\nName it.,,Mol\n"),
              ElementsAre("[Add.\n\n1, 2|3]", "[Name it.|Mol]"));
}

TEST(ConversationRows, ThatAreNoneSayWhy) {
  const TempFolder folder;
  const std::vector<RowCase> cases = {
      {R"({"text":"a plain document"})", "unknown_shape"},
      {R"({"messages":"none"})", "bad_messages"},
      {R"({"messages":[{"who":"user","content":"a"}]})", "bad_messages"},
      {R"({"messages":[{"role":"user"}]})", "bad_messages"},
      {R"({"messages":[{"role":"narrator","content":"a"}]})", "bad_role"},
      {R"({"messages":[{"role":"user","content":"a"},{"role":"tool","content":"b"}]})", "tool_call"},
      {R"({"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":1}]}]})", "tool_call"},
      {R"({"conversations":[{"from":"function_call","value":"call f"}]})", "tool_call"},
      {R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":"x"}]}]})", "not_text"},
      {R"({"messages":[{"role":"user","content":{"a":1}}]})", "not_text"},
      {R"({"messages":[{"role":"assistant","content":"b"}]})", "no_question"},
      {R"({"instruction":"","output":"5"})", "no_question"},
      {R"({"messages":[]})", "no_question"},
      {R"({"messages":[{"role":"user","content":"a"}]})", "no_answer"},
      {R"({"messages":[{"role":"user","content":"a"},{"role":"assistant","content":" "}]})", "no_answer"},
      {R"({"instruction":"Add.","output":null})", "no_answer"},
      {R"({"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","train":false}]})",
       "nothing_to_learn"},
      {"{\"messages\":[", "unreadable"}};
  for (const RowCase& c : cases) EXPECT_THAT(read(folder, "x.jsonl", c.row), ElementsAre(c.text)) << c.row;
}

// DATA with so many training questions, and files of so many conversations, every tenth of which is none.
struct GeneralCase {
  TempFolder folder;
  folders::DataFolder data;

  explicit GeneralCase(std::uint64_t questions) : data(make_data(folder, questions)) {
    std::string rows;
    for (int i = 0; i < 500; ++i)
      rows += i % 10 == 9 ? "{\"text\":\"none\"}\n"
                          : "{\"instruction\":\"Name boat " + std::to_string(i) + "\",\"output\":\"Mol " +
                                std::to_string(i) + "\"}\n";
    folder.put("chats.jsonl", rows);
  }

  static folders::DataFolder make_data(const TempFolder& folder, std::uint64_t questions) {
    support::SmallData small;
    small.texts = {"The ferry sails.", "The tide turns."};
    Context context;
    context.segments = {0, 1};
    context.evidence = {0};
    small.contexts.assign(questions, context);
    const folders::DataFolder data = support::write_small_data(folder / "data", small);
    std::string lines;
    for (std::uint64_t i = 0; i < questions; ++i) {
      const Split split = i % 5 == 4 ? Split::test : Split::train;
      lines +=
          to_line(to_json(Example{i, i, "fine_grained", split, {{"What sails?", "The ferry.", {0}, {}}}})) +
          "\n";
    }
    folder.put("data/questions/examples.jsonl", lines);
    Manifest::write(folder / "data/questions", "manifest.json", {"examples.jsonl"},
                    {{"kind", "qa"}, {"data", data.identity()}}, 1);
    write_file(folder / "data/questions/settings.json",
               to_pretty({{"verb", "qa"}, {"settings", Json::object()}}));
    return folders::DataFolder(folder / "data");
  }

  GeneralFacts run(const std::string& out, GeneralSettings settings = {}, std::uint64_t seed = 1) {
    settings.files = {(folder / "chats.jsonl").string()};
    Fields fields;
    fields.group("general", settings);
    return write_general(data, settings, seed, {folder / out, "qa", fields});
  }
};

TEST(General, IsMixedInTheExactRatioOfTheQuestionsThatWereKept) {
  struct Ratio {
    std::uint64_t contexts;
    std::vector<std::uint32_t> ratio;
    std::uint64_t conversations;
  };
  // Four of five contexts are for training.
  for (const Ratio& c :
       std::vector<Ratio>{{775, {20, 155}, 80}, {100, {20, 155}, 10}, {50, {1, 3}, 13}, {10, {7, 1}, 56}}) {
    GeneralCase general(c.contexts);
    GeneralSettings settings;
    settings.ratio = c.ratio;
    const GeneralFacts facts = general.run("out", settings);
    EXPECT_EQ(facts.conversations, c.conversations);
    EXPECT_EQ(facts.rows, 500u);
    EXPECT_EQ(facts.usable, 450u);
    EXPECT_EQ(facts.rejected.at("unknown_shape"), 50u);
    std::uint64_t lines = 0;
    for_each_record(general.folder / "out/conversations.jsonl",
                    [&](const Json& row, const std::string& where) {
                      EXPECT_EQ(from_json<Conversation>(row, where).id, lines++);
                    });
    EXPECT_EQ(lines, c.conversations);
  }
}

// Of 1.55 million questions.
TEST(General, TheDefaultRatioIsThePapers) {
  const GeneralSettings settings;
  EXPECT_EQ(1'550'000ull * settings.ratio[0] % settings.ratio[1], 0u);
  EXPECT_EQ(1'550'000ull * settings.ratio[0] / settings.ratio[1], 200'000u);
}

TEST(General, ASmallerDrawIsAPartOfALargerOneAndSeedsDiffer) {
  GeneralCase general(5);
  const auto drawn = [&](std::uint64_t count, std::uint64_t seed) {
    GeneralSettings settings;
    settings.count = count;
    const std::string out = "out" + std::to_string(count) + "-" + std::to_string(seed);
    general.run(out, settings, seed);
    std::set<std::string> found;
    for_each_record(general.folder / out / "conversations.jsonl",
                    [&](const Json& row, const std::string& where) {
                      found.insert(from_json<Conversation>(row, where).where);
                    });
    EXPECT_EQ(found.size(), count);
    return found;
  };
  const auto few = drawn(40, 1), many = drawn(200, 1), others = drawn(40, 2);
  EXPECT_TRUE(std::ranges::includes(many, few));
  EXPECT_NE(few, others);
}

TEST(General, TooFewConversationsAndBadRatiosAreRefused) {
  GeneralCase general(5);
  GeneralSettings settings;
  settings.count = 451;
  EXPECT_THAT(failure_of([&] { general.run("a", settings); }),
              AllOf(HasSubstr("65 general.files hold 450 usable conversations in 500 rows"),
                    HasSubstr("451 are wanted"), HasSubstr("general.count=450")));
  settings.count = 0;
  for (const std::vector<std::uint32_t>& ratio :
       {std::vector<std::uint32_t>{20}, {0, 155}, {20, 0}, {1, 2, 3}}) {
    settings.ratio = ratio;
    EXPECT_THAT(failure_of([&] { general.run("b", settings); }),
                HasSubstr("78 general.ratio must be two numbers"));
  }
  settings.ratio = {1, 1000};
  EXPECT_THAT(failure_of([&] { general.run("c", settings); }),
              HasSubstr("78 general.ratio of so few questions"));
}

TEST(General, IsReadWithItsDataAndDecontaminated) {
  GeneralCase general(100);
  general.folder.put("exam.jsonl", "{\"q\":\"Name boat 3 Mol 3 and name it well\"}\n");
  GeneralSettings settings;
  settings.count = 449;
  settings.decontaminate.inputs = {(general.folder / "exam.jsonl").string()};
  settings.decontaminate.words = 4;
  const GeneralFacts facts = general.run("data/general", settings);
  EXPECT_EQ(facts.rejected.at("contaminated"), 1u);
  const folders::DataFolder data(general.folder / "data");
  EXPECT_EQ(data.conversations().size(), 449u);
  EXPECT_EQ(data.examples().size(), 100u) << "conversations are no questions about contexts";
  EXPECT_TRUE(folders::DataFolder(general.folder / "data/questions").conversations().empty());
  EXPECT_EQ(folders::DataFolder(general.folder / "data/general").conversations().size(), 449u);
  EXPECT_FALSE(folders::DataFolder(general.folder / "data/general").has_examples());
}

}  // namespace
}  // namespace film::questions

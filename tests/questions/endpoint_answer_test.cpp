// What models write, and what becomes of it.
#include "../../src/questions/endpoint_answer.h"

#include <gtest/gtest.h>

#include "../../src/questions/endpoint_filters.h"
#include "../../src/questions/endpoint_plan.h"

namespace film::questions {
namespace {

TEST(ParseAnswer, TakesTheFormsThatModelsUse) {
  for (const char* text : {
           R"({"question": "Who?", "answer": "Ann."})",
           R"({"Question": "Who?", "Answer": "Ann."})",
           "Here you are:\n```json\n{\"question\": \"Who?\", \"answer\": \"Ann.\"}\n```\nAnything else?",
           "{\"question\": \"Who?\",\n \"answer\": \"Ann.\",\n}",
           R"({"qa": {"question": "Who?", "answer": "Ann."}})",
           R"([{"question": "Who?", "answer": "Ann."}])",
           R"(I use braces {like this}. {"question": "Who?", "answer": "Ann."})",
           "Question: Who?\nAnswer: Ann.",
           "**Question:** Who?\n\n**Answer:** Ann.",
           "1. Question: Who?\n   Answer: Ann.",
           "Q: Who?\nA: Ann.",
           "### Question\n: Who?\n### Answer\n: Ann." /* a colon on the next line is nobody's form */,
           "Question: Who?\nAnswer: Ann.\nQuestion: Where?\nAnswer: Here.",
       }) {
    const ParsedAnswer parsed = parse_answer(text);
    if (std::string(text).starts_with("###")) {
      EXPECT_STREQ(parsed.problem, "unparsable");
      continue;
    }
    EXPECT_EQ(parsed.problem, nullptr) << text;
    EXPECT_EQ(parsed.question, "Who?") << text;
    EXPECT_EQ(parsed.answer, "Ann.") << text;
  }
}

TEST(ParseAnswer, MendsLineBreaksInStringsAndKeepsEscapes) {
  const ParsedAnswer parsed = parse_answer("{\"question\": \"One\ntwo?\", \"answer\": \"a \\\"b\\\" {c}\"}");
  EXPECT_EQ(parsed.question, "One\ntwo?");
  EXPECT_EQ(parsed.answer, "a \"b\" {c}");
}

TEST(ParseAnswer, ReadsPiecesHoweverTheyAreWritten) {
  using Pieces = std::vector<std::uint32_t>;
  const auto pieces = [](const std::string& list) {
    return parse_answer(R"({"question": "q", "answer": "a", )" + list + "}").pieces;
  };
  EXPECT_EQ(pieces(R"("pieces": [4, 1, 4])"), (Pieces{1, 4}));
  EXPECT_EQ(pieces(R"("pieces": ["Piece 2", "#7"])"), (Pieces{2, 7}));
  EXPECT_EQ(pieces(R"("Pieces_Used": "1, 3 and Piece 12")"), (Pieces{1, 3, 12}));
  EXPECT_EQ(pieces(R"("pieces": ["none"])"), (Pieces{0}));
  EXPECT_FALSE(parse_answer(R"({"question": "q", "answer": "a", "pieces": null})").names_pieces);
  const ParsedAnswer lines = parse_answer("Question: q\nAnswer: a\nPieces: 2 and 5");
  EXPECT_EQ(lines.pieces, (Pieces{2, 5}));
  EXPECT_EQ(lines.answer, "a");
}

TEST(ParseAnswer, TellsRefusalsSkipsAndNoise) {
  EXPECT_STREQ(parse_answer("I'm sorry, but I cannot help with that.").problem, "refusal");
  EXPECT_STREQ(parse_answer(R"({"skip": "only links"})").problem, "skipped");
  for (const char* noise : {"", "hello", "{", "{{{{{{", "{\"question\": \"q\"}", "Question: only", "[1,2]"})
    EXPECT_STREQ(parse_answer(noise).problem, "unparsable") << noise;
  EXPECT_STREQ(parse_answer(std::string(200'000, '{')).problem, "unparsable");
}

Ask ask_of(ContextKind kind) {
  Ask ask;
  ask.kind = kind;
  ask.positions = {3, 7, 9};
  ask.texts = {
      "The lighthouse of Arran was painted green by Mabel Orr in 1911 after the storm had passed over it.",
      "Mabel Orr kept bees.", "The ferry sank."};
  if (kind != ContextKind::integration) ask.positions.resize(1), ask.texts.resize(1);
  return ask;
}

const char* problem(const std::string& question, const std::string& answer,
                    std::vector<std::uint32_t> pieces = {}, QuestionFilters filters = {}) {
  ParsedAnswer parsed;
  parsed.question = question;
  parsed.answer = answer;
  parsed.names_pieces = !pieces.empty();
  parsed.pieces = std::move(pieces);
  const Ask ask = ask_of(parsed.names_pieces ? ContextKind::integration : ContextKind::fine_grained);
  const char* found = problem_of(parsed, ask, filters, {"according to the text", "the passage"});
  return found == nullptr ? "" : found;
}

TEST(Filters, GiveEachFaultItsReason) {
  const std::string question = "Who painted the lighthouse of Arran?", answer = "Mabel Orr did, in 1911.";
  EXPECT_STREQ(problem(question, answer), "");
  EXPECT_STREQ(problem("", answer), "no_question");
  EXPECT_STREQ(problem(question, ""), "no_answer");
  EXPECT_STREQ(problem("Who painted?", answer), "question_too_short");
  EXPECT_STREQ(
      problem(std::string(400, 'a') + std::string(400, ' ') + "b c d e f", answer, {}, {4, 5, 300, 20, 0.1}),
      "question_too_long");
  EXPECT_STREQ(problem(question, "a b c d e f", {}, {4, 150, 5, 20, 0.1}), "answer_too_long");
  EXPECT_STREQ(problem("According to the\ntext, who painted the lighthouse?", answer), "names_its_source");
  EXPECT_STREQ(problem(question, "The passage says Mabel Orr."), "names_its_source");
  EXPECT_STREQ(problem("Which passages did the lighthouse of Arran guard?", answer), "");  // another word
  EXPECT_STREQ(problem(question, "This is not mentioned."), "answer_unknown");
  EXPECT_STREQ(problem("Did Mabel Orr paint the lighthouse?", "Mabel Orr"), "answer_in_question");
  EXPECT_STREQ(problem(question, "Some Icelandic fishermen sailed elsewhere."), "not_grounded");
  EXPECT_STREQ(problem(question, "lighthouse of Arran was painted green by Mabel Orr in 1911 after the storm",
                       {}, {4, 150, 300, 10, 0.1}),
               "copied");
}

TEST(Filters, IntegrationNeedsTwoKnownPieces) {
  const std::string question = "What else did the painter of the lighthouse of Arran do?",
                    answer = "Mabel Orr kept bees.";
  EXPECT_STREQ(problem(question, answer, {1, 2}), "");
  EXPECT_STREQ(problem(question, answer, {1}), "too_few_pieces");
  EXPECT_STREQ(problem(question, answer, {1, 4}), "wrong_piece");
  EXPECT_STREQ(problem(question, answer, {0, 1}), "wrong_piece");
  ParsedAnswer unnamed;
  unnamed.question = question, unnamed.answer = answer;
  EXPECT_STREQ(problem_of(unnamed, ask_of(ContextKind::integration), {}, {}), "no_pieces");
}

TEST(Filters, LongestSharedRunIgnoresCapitalsAndPunctuation) {
  EXPECT_EQ(longest_shared_run("He said: the Green, old house stood.", "… the green old HOUSE fell"), 4u);
  EXPECT_EQ(longest_shared_run("a b a b c", "a b c"), 3u);
  EXPECT_EQ(longest_shared_run("", "a"), 0u);
}

// The set of contexts that are asked does not depend on the order of answers.
TEST(SparePlan, AsksTheShortestRunOfContextsThatGivesTheNumber) {
  for (const std::uint64_t order : {1u, 2u, 3u, 4u}) {
    SparePlan plan(0.25);
    for (std::uint64_t id = 0; id < 400; ++id) {
      Context context;
      context.id = id;
      context.split = id % 10 == 0 ? "test" : "train";
      context.kind = id % 4 == 1 ? ContextKind::integration : ContextKind::fine_grained;
      plan.add(context);
    }
    EXPECT_EQ(plan.wanted(), 300u);
    std::vector<std::uint64_t> open;
    std::uint64_t step = order;
    while (true) {
      while (open.size() < 32) {
        const auto next = plan.next();
        if (!next) break;
        open.push_back(*next);
      }
      if (open.empty()) break;
      step = step * 6364136223846793005ull + 1442695040888963407ull;
      const std::size_t pick = (step >> 33) % open.size();
      plan.done(open[pick], open[pick] % 7 != 3);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    EXPECT_EQ(plan.shortage(), "");
    std::uint64_t asked = 0, kept = 0, digest = 0;
    for (std::uint64_t id = 0; id < 400; ++id)
      if (plan.asked(id)) ++asked, kept += id % 7 != 3, digest = digest * 31 + id;
    EXPECT_EQ(kept, 300u);
    static const std::uint64_t first = digest;
    EXPECT_EQ(digest, first);
    EXPECT_LT(asked, 360u);
  }
}

}  // namespace
}  // namespace film::questions

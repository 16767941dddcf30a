#include "film/benchmarks/settings.h"

#include <algorithm>
#include <set>

#include "film/base/error.h"
#include "ruler.h"

namespace film::benchmarks {

void RulerSettings::describe(Fields& f) {
  f.add("tasks", tasks, "of the thirteen; empty = all");
  f.add("samples", samples, "questions of each task and length").range(1, 1 << 20);
  f.add("essays", essays, "text of the haystacks: file or folder of .txt, .md or JSON rows with a key text")
      .path();
  f.add("words", words, "words of cwe, one a line; empty = the words of the essays").path();
  f.add("squad", squad, "SQuAD's dev-v2.0.json, for qa_1").path();
  f.add("hotpotqa", hotpotqa, "HotpotQA's hotpot_dev_distractor_v1.json, for qa_2").path();
  f.add("cwe_example", cwe_example, "a worked example in front of the questions of cwe");
}

void NolimaSettings::describe(Fields& f) {
  f.add("needles", needles, "needle_set.json of NoLiMa's authors, or one like it").path();
  f.add("books", books, "text around the needles: file or folder").path();
  f.add("depths", depths, "places of every needle, from the beginning to the end").range(1, 1000);
}

std::vector<std::uint32_t> Settings::lengths_or_own() const {
  if (!lengths.empty()) return lengths;
  if (benchmark == Benchmark::ruler) return {4096, 8192, 16384, 32768, 65536, 131072};
  return {250, 500, 1000, 2000, 4000, 8000, 16000, 32000};
}

void Settings::describe(Fields& f) {
  f.add("benchmark", benchmark, "what is written");
  f.add("tokenizer", tokenizer, "SentencePiece .model file that lengths are counted with").path();
  f.add("lengths", lengths, "in tokens; empty = those of the benchmark's paper");
  f.add("reserve", reserve, "tokens of every length that are left to the model's prompt template")
      .range(0, 1 << 16)
      .in("tokens");
  f.add("seed", seed, "of everything that is drawn");
  f.add("threads", threads, "threads; 0 = all cores").range(0, 1024).runtime();
  f.group("ruler", ruler);
  f.group("nolima", nolima);
}

void Settings::check() const {
  const auto fits = [](std::uint32_t length) { return length >= 128 && length <= (1U << 24); };
  if (!std::ranges::all_of(lengths, fits))
    throw config_error("lengths must be a list of lengths from 128 to 16777216 tokens", "e.g. [4096, 8192]");
  if (std::set<std::uint32_t>(lengths.begin(), lengths.end()).size() < lengths.size())
    throw config_error("lengths names one length twice", "e.g. [4096, 8192]");
  if (benchmark == Benchmark::ruler) chosen_tasks(ruler);
  if (benchmark == Benchmark::nolima && (nolima.needles.empty() || nolima.books.empty()))
    throw config_error("the needles or the books of NoLiMa are not named",
                       "--set nolima.needles=needle_set.json --set nolima.books=FOLDER");
}

}  // namespace film::benchmarks

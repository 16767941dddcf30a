// ROUGE-L of pairs on stdin, {"output", "reference"} a line -> {"seconds", "scores"} on stdout. Run by rouge_l.py.
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "film/base/json.h"
#include "scores/rouge.h"

int main() {
  using namespace film;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::string line; std::getline(std::cin, line);) {
    const Json row = parse_json(line, "stdin");
    pairs.emplace_back(member<std::string>(row, "output", "stdin"),
                       member<std::string>(row, "reference", "stdin"));
  }
  Json scores = Json::array();
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& [output, reference] : pairs) scores.push_back(scores::rouge_l_f(output, reference));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::cout << to_line({{"seconds", seconds.count()}, {"scores", scores}}) << "\n";
}

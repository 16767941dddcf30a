#pragma once
// Rules by which published tables took an answer from what a model wrote.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace film::scores {

// "F1 of the first paragraph": microsoft/FILM's qa_f1_score, which cuts the output at its first blank line.
double first_paragraph_f1(const std::string& output, const std::vector<std::string>& answers);
// "first letter": the first of the letters A to F in the output, A where there is none (microsoft/FILM, CommonsenseQA).
double first_letter(const std::string& output, const std::vector<std::string>& answers);
// "final number": what stands behind the last "The answer is ", as microsoft/FILM and microsoft/LEMA read GSM8K's answers.
// The reference is a number, or a worked solution with the number behind "#### ".
double final_number(const std::string& output, const std::vector<std::string>& answers);
// "all of": the share of the answers that occur in the output, without regard to case (NVIDIA/RULER).
double all_of(const std::string& output, const std::vector<std::string>& answers);
// "ROUGE-L": rouge.h, the best of all answers.
double best_rouge_l(const std::string& output, const std::vector<std::string>& answers);
// "ROUGE-L in any script": the same with blanks between the words of base/words.h, as LongBench puts them between jieba's.
double best_rouge_l_of_words(const std::string& output, const std::vector<std::string>& answers);
// "stated choice": the letter behind "The correct answer is", in brackets or else without (LongBench v2).
double stated_choice(const std::string& output, const std::vector<std::string>& answers);

// The number of final_number(); nothing where the output holds none.
std::optional<double> number_in(std::string_view output);

}  // namespace film::scores

#pragma once
// Rules of LongBench's metrics.py for its tasks beyond question answering and summaries.
#include <string>
#include <vector>

namespace film::scores {

// "share of numbers": of the numbers in the output the share that is the answer's first number (retrieval_score,
// count_score).
double share_of_numbers(const std::string& output, const std::vector<std::string>& answers);
// "class": the answer is named in the first line; divided by the number of classes named there. The answers behind the
// first are all classes. Names that are part of the answer are not counted, as in classification_score, which passes
// over the name behind each that it takes off.
double named_class(const std::string& output, const std::vector<std::string>& answers);
// F1 and ROUGE-L of the first line that is not empty.
double first_line_f1(const std::string& output, const std::vector<std::string>& answers);
double first_line_rouge_l(const std::string& output, const std::vector<std::string>& answers);

}  // namespace film::scores

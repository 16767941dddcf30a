#pragma once
#include <string>
#include <vector>

namespace film::cli {

// Words as one line that a shell reads as these words: those with other characters than letters, digits and "_-./=:,+@%"
// are in single quotes.
std::string shell_line(const std::vector<std::string>& words);

// A command line of film's as one that can be pasted: "film" in front, wherever the program was.
std::string film_line(std::vector<std::string> words);

}  // namespace film::cli

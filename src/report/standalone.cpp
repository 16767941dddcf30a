#include "standalone.h"

#include <string_view>

#include "style.h"

namespace film::report {
namespace {

// " width=\"460\" height=\"296\"", from the view box.
std::string size_of(std::string_view head) {
  constexpr std::string_view kBox = "viewBox=\"0 0 ";
  const std::size_t begin = head.find(kBox) + kBox.size(), blank = head.find(' ', begin);
  const std::size_t end = head.find('"', blank);
  return " width=\"" + std::string(head.substr(begin, blank - begin)) + "\" height=\"" +
         std::string(head.substr(blank + 1, end - blank - 1)) + "\"";
}

}  // namespace

std::string standalone(const std::string& svg, std::size_t models) {
  const std::size_t inside = svg.find('\n') + 1;
  const std::string head = svg.substr(0, inside - 2);  // without ">\n"
  return head + size_of(head) + ">\n<style>" + standalone_css(models) +
         "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"" + kStandaloneGround + "\"/>\n" +
         svg.substr(inside);
}

}  // namespace film::report

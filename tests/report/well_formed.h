#pragma once
// A small strict XML checker: tags nest, attributes are quoted and not repeated, only known entities,
// ids are unique.
#include <set>
#include <string>
#include <vector>

namespace film::report::testing {

class WellFormed {
 public:
  // Empty when `text` is well-formed, else what is wrong and where.
  static std::string problem(const std::string& text) {
    WellFormed checker(text);
    checker.run();
    return checker.problem_;
  }

 private:
  explicit WellFormed(const std::string& text) : text_(text) {}

  void fail(const std::string& what) {
    if (problem_.empty()) problem_ = what + " near: " + text_.substr(at_ > 40 ? at_ - 40 : 0, 100);
  }

  void run() {
    if (text_.starts_with("<!DOCTYPE html>")) at_ = 15;
    while (at_ < text_.size() && problem_.empty()) text_[at_] == '<' ? tag() : character();
    if (!open_.empty()) fail("<" + open_.back() + "> is not closed");
  }

  void character() {
    if (text_[at_] == '&') {
      const std::size_t end = text_.find(';', at_);
      static const std::set<std::string> known = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
      if (end == std::string::npos || !known.contains(text_.substr(at_, end + 1 - at_))) fail("a bare &");
    }
    ++at_;
  }

  std::string word() {
    std::string name;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '-'))
      name += text_[at_++];
    return name;
  }

  void tag() {
    ++at_;
    const bool closing = text_[at_] == '/';
    if (closing) ++at_;
    const std::string name = word();
    if (name.empty()) return fail("a bare <");
    std::set<std::string> seen;
    while (problem_.empty() && at_ < text_.size() && text_[at_] != '>' && text_[at_] != '/') attribute(seen);
    const bool empty = text_[at_] == '/';
    if (empty) ++at_;
    if (text_[at_] != '>') return fail("a tag does not end");
    ++at_;
    if (closing) {
      if (open_.empty() || open_.back() != name) return fail("</" + name + "> closes nothing");
      open_.pop_back();
    } else if (!empty) {
      open_.push_back(name);
    }
  }

  void attribute(std::set<std::string>& seen) {
    if (text_[at_] == ' ' || text_[at_] == '\n') return void(++at_);
    const std::string name = word();
    if (name.empty() || !seen.insert(name).second || text_.compare(at_, 2, "=\"") != 0)
      return fail("an attribute");
    at_ += 2;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"' && problem_.empty())
      text_[at_] == '<' ? fail("< in an attribute") : character();
    if (name == "id" && !ids_.insert(text_.substr(begin, at_ - begin)).second) fail("an id twice");
    ++at_;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::string problem_;
  std::vector<std::string> open_;
  std::set<std::string> ids_;
};

}  // namespace film::report::testing

#pragma once
// Private to the module: texts of JSON objects -> rows, whatever parted the objects in the file.
#include <string>
#include <vector>

#include "film/sources/rows.h"

namespace film::sources {

class JsonBatch : public Batch {
 public:
  JsonBatch(const SourceFile& file, std::size_t number) : file_(file), number_(number) {}
  void add(std::uint64_t line, std::string text) { texts_.push_back({line, std::move(text)}); }
  std::vector<Row> parse(const Columns& columns) const override;

 private:
  struct Text {
    std::uint64_t line = 0;  // where it begins
    std::string text;
  };
  const SourceFile& file_;
  std::size_t number_;  // of the file in the list
  std::vector<Text> texts_;
};

}  // namespace film::sources

#pragma once
// Private to the module: texts of JSON objects -> rows, whatever parted the objects in the file.
#include <string>
#include <vector>

#include "film/sources/rows.h"
#include "readers.h"

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

// Reads the texts of a file in batches. `Texts` is made of a path, and has next(std::string&), which is false at the end,
// and line(), where the last text begins.
template <class Texts>
class JsonReader : public RowReader {
 public:
  JsonReader(const SourceFile& file, std::size_t number)
      : file_(file), number_(number), texts_(file.path), bytes_on_disk_(file) {}

  std::unique_ptr<Batch> next() override {
    auto batch = std::make_unique<JsonBatch>(file_, number_);
    std::size_t size = 0;
    while (size < kBatchBytes) {
      std::string text;
      ended_ = ended_ || !texts_.next(text);
      if (ended_) break;
      size += text.size() + 1;
      batch->add(texts_.line(), std::move(text));
    }
    if (size == 0) return nullptr;
    batch->bytes = bytes_on_disk_.take(size, ended_);
    return batch;
  }

 private:
  const SourceFile& file_;
  std::size_t number_;
  Texts texts_;
  BytesOnDisk bytes_on_disk_;
  bool ended_ = false;
};

}  // namespace film::sources

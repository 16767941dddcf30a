#pragma once
// The safetensors format: u64 header length, JSON header {"name":{"dtype","shape","data_offsets"}}, then the
// data.
#include <ATen/ATen.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "film/base/files.h"

namespace film {

using at::Tensor;
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

// A memory-mapped file, checked in full when opened: header size, dtypes, shapes against offsets (checked
// arithmetic), offsets contiguous from 0 to the end of the file. Throws bad_data with the file's name.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const fs::path& path);
  std::vector<std::string> names() const;
  bool has(const std::string& name) const { return tensors_.contains(name); }
  // A view of the mapped data: copied only when used. Throws bad_data if there is no such tensor.
  Tensor tensor(const std::string& name) const;

 private:
  MappedFile file_;
  std::map<std::string, Tensor> tensors_;
};

// Writes an atomic file; bytes depend on the tensors alone.
void write_safetensors(const fs::path& path, const NamedTensors& tensors);

}  // namespace film

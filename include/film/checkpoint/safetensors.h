#pragma once
// The safetensors format: u64 header length, JSON header {"name":{"dtype","shape","data_offsets"}}, then the
// data. Files are read and written a piece of a tensor at a time, so that they may be larger than memory.
#include <ATen/ATen.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "film/base/files.h"

namespace film::checkpoint {

using at::Tensor;
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

// Calls use(begin, end) for consecutive ranges that cover `elements`, each of at most 2 Mi.
void for_each_piece(std::int64_t elements, const std::function<void(std::int64_t, std::int64_t)>& use);

// A tensor that is made while it is written.
struct TensorSource {
  std::string name;
  at::ScalarType type;
  std::vector<std::int64_t> shape;
  // Elements [begin, end) of the flattened tensor, of that type, on the CPU. Called once for every
  // piece, in order.
  std::function<Tensor(std::int64_t begin, std::int64_t end)> elements;
};

// A tensor as it is, of any device.
TensorSource source_of(const std::string& name, const Tensor& x);

// A tensor of a run, in memory or in a scratch file, that checkpoints read and fill a piece at a time. One of several
// processes may have a part of it: the elements `held` of the flattened tensor.
struct StoredTensor {
  TensorSource source;  // of elements that are held
  // Sets the elements from `begin` on, those that are held; `piece` may have any type and device.
  std::function<void(std::int64_t begin, const Tensor& piece)> write;
  struct Elements {
    std::int64_t begin = 0, end = 0;
  } held;
  bool whole() const { return held.begin == 0 && held.end == c10::multiply_integers(source.shape); }
};
StoredTensor stored(const std::string& name, const Tensor& x);

// A memory-mapped file, checked in full when opened: header size, dtypes, shapes against offsets (checked
// arithmetic), offsets contiguous from 0 to the end of the file. Throws bad_data with the file's name.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const fs::path& path);
  const fs::path& path() const { return file_.path(); }
  std::vector<std::string> names() const;
  bool has(const std::string& name) const { return tensors_.contains(name); }
  // A view of the mapped data: copied only when used. Throws bad_data if there is no such tensor.
  Tensor tensor(const std::string& name) const;
  // A copy of elements [begin, end) of the flattened tensor; the mapped pages behind it are given back.
  Tensor elements(const std::string& name, std::int64_t begin, std::int64_t end) const;
  // Fills `target`, of the same name and shape (else bad_data) and of any type and device, piece by piece.
  void copy_into(const StoredTensor& target) const;

 private:
  MappedFile file_;
  std::map<std::string, Tensor> tensors_;
};

// Writes an atomic file; bytes depend on the tensors alone. Holds one piece at a time, and lets go of a
// source (and of what it owns) when its tensor is written.
void write_safetensors(const fs::path& path, std::vector<TensorSource> sources);
void write_safetensors(const fs::path& path, const NamedTensors& tensors);

}  // namespace film::checkpoint

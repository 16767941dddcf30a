#pragma once
// The training state of a checkpoint, which one process or several wrote: a file for each, and in it, of every parameter,
// the elements that this process has. A part has its place in its name: "lm_head.weight[0:4096]" are elements 0 to 4096 of
// the flattened tensor; a whole tensor has its own name and shape.
#include "film/checkpoint/safetensors.h"

namespace film::checkpoint {

// "training/first_moment.safetensors", or of several writers "training/first_moment-00002-of-00004.safetensors".
fs::path state_file(const std::string& kind, int writer, int writers);

// What a process writes of its tensors: none of those of which it has nothing.
std::vector<TensorSource> held_parts(const std::vector<StoredTensor>& tensors);

class StateFiles {
 public:
  // All files of that kind of a checkpoint; none where it has none.
  StateFiles(const fs::path& checkpoint, const std::string& kind);
  bool empty() const { return files_.empty(); }

  // Elements [begin, end) of a flattened tensor of `shape`. Throws bad_data where the files do not hold them all, or a
  // tensor of another shape.
  Tensor elements(const std::string& name, at::IntArrayRef shape, std::int64_t begin, std::int64_t end) const;
  // Fills what `target` has here, piece by piece.
  void copy_into(const StoredTensor& target) const;

 private:
  struct Part {
    const SafetensorsFile* file;
    std::string name;  // in the file
    std::int64_t begin, end;
    bool whole;
  };
  fs::path first_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, std::vector<Part>> parts_;
};

}  // namespace film::checkpoint

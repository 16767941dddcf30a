#include "film/checkpoint/state_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "film/base/error.h"

namespace film::checkpoint {
namespace {

constexpr const char* kEnding = ".safetensors";

struct PartName {
  std::string parameter;
  std::int64_t begin = 0, end = 0;
};

std::string part_name(const std::string& parameter, std::int64_t begin, std::int64_t end) {
  return fmt::format("{}[{}:{}]", parameter, begin, end);
}

// Nothing for a whole tensor's name.
std::optional<PartName> parse_part(const std::string& name) {
  const std::size_t open = name.rfind('['), colon = name.rfind(':');
  if (!name.ends_with(']') || open == std::string::npos || colon == std::string::npos || colon < open)
    return std::nullopt;
  PartName part{name.substr(0, open)};
  const auto number = [&](std::size_t from, std::size_t to, std::int64_t& value) {
    const auto [end, error] = std::from_chars(name.data() + from, name.data() + to, value);
    return error == std::errc() && end == name.data() + to;
  };
  if (!number(open + 1, colon, part.begin) || !number(colon + 1, name.size() - 1, part.end))
    return std::nullopt;
  return part;
}

}  // namespace

fs::path state_file(const std::string& kind, int writer, int writers) {
  const std::string name = writers == 1 ? kind : fmt::format("{}-{:05}-of-{:05}", kind, writer + 1, writers);
  return fs::path("training") / (name + kEnding);
}

std::vector<TensorSource> held_parts(const std::vector<StoredTensor>& tensors) {
  std::vector<TensorSource> list;
  for (const StoredTensor& tensor : tensors) {
    if (tensor.whole()) {
      list.push_back(tensor.source);
      continue;
    }
    const std::int64_t first = tensor.held.begin, length = tensor.held.end - first;
    if (length == 0) continue;
    list.push_back({part_name(tensor.source.name, first, tensor.held.end),
                    tensor.source.type,
                    {length},
                    [source = tensor.source, first](std::int64_t begin, std::int64_t end) {
                      return source.elements(first + begin, first + end);
                    }});
  }
  return list;
}

StateFiles::StateFiles(const fs::path& checkpoint, const std::string& kind)
    : first_(checkpoint / state_file(kind, 0, 1)) {
  std::vector<fs::path> paths;
  if (fs::exists(first_)) paths.push_back(first_);
  if (paths.empty() && fs::is_directory(checkpoint / "training"))
    for (const auto& entry : fs::directory_iterator(checkpoint / "training"))
      if (entry.path().filename().string().starts_with(kind + "-")) paths.push_back(entry.path());
  std::ranges::sort(paths);
  if (!paths.empty()) first_ = paths.front();
  files_.reserve(paths.size());
  for (const fs::path& path : paths) files_.emplace_back(path);
  for (const SafetensorsFile& file : files_)
    for (const std::string& name : file.names()) {
      const std::int64_t elements = file.tensor(name).numel();
      const auto part = parse_part(name);
      if (part && part->end - part->begin != elements)
        throw bad_data(file.path().string() + ": " + name + " holds " + std::to_string(elements) +
                       " elements");
      if (part)
        parts_[part->parameter].push_back({&file, name, part->begin, part->end, false});
      else
        parts_[name].push_back({&file, name, 0, elements, true});
    }
}

Tensor StateFiles::elements(const std::string& name, at::IntArrayRef shape, std::int64_t begin,
                            std::int64_t end) const {
  const auto found = parts_.find(name);
  if (found == parts_.end()) throw bad_data(first_.string() + ": tensor " + name + " is missing");
  std::vector<Tensor> pieces;
  std::int64_t next = begin;
  for (bool more = true; more && next < end;) {
    more = false;
    for (const Part& part : found->second) {
      if (part.whole && part.file->tensor(part.name).sizes() != shape)
        throw bad_data(part.file->path().string() + ": " + name + " has another shape than the model's");
      if (part.begin > next || part.end <= next) continue;
      const std::int64_t stop = std::min(end, part.end);
      pieces.push_back(part.file->elements(part.name, next - part.begin, stop - part.begin));
      next = stop;
      more = true;
    }
  }
  if (next < end)
    throw bad_data(fmt::format("{}: elements {} to {} of {} are in none of its files",
                               first_.parent_path().string(), next, end, name),
                   "a file of the checkpoint is missing: take the one before it, or copy it again");
  return pieces.size() == 1 ? pieces.front() : at::cat(pieces);
}

void StateFiles::copy_into(const StoredTensor& target) const {
  const TensorSource& source = target.source;
  const auto found = parts_.find(source.name);
  if (target.whole() && found != parts_.end() && found->second.front().whole)
    return found->second.front().file->copy_into(target);
  for_each_piece(target.held.end - target.held.begin, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = target.held.begin + begin;
    target.write(first, elements(source.name, source.shape, first, target.held.begin + end));
  });
}

}  // namespace film::checkpoint

#include "film/checkpoint/safetensors.h"

#include <algorithm>
#include <cstring>

#include "film/base/error.h"
#include "film/base/git_lfs.h"
#include "film/base/json.h"

namespace film::checkpoint {
namespace {

constexpr std::uint64_t kMaxHeader = 100'000'000;
constexpr std::uint64_t kMaxExtent = std::uint64_t{1} << 62;
constexpr std::int64_t kPieceElements = 2 << 20;  // 8 MiB of fp32: large for a disk, small for memory

struct TypeName {
  const char* name;
  at::ScalarType type;
};
constexpr TypeName kTypes[] = {{"F64", at::kDouble},    {"F32", at::kFloat}, {"F16", at::kHalf},
                               {"BF16", at::kBFloat16}, {"I64", at::kLong},  {"I32", at::kInt},
                               {"I16", at::kShort},     {"U8", at::kByte}};

at::ScalarType type_of(const std::string& name, const std::string& where) {
  for (const TypeName& t : kTypes)
    if (name == t.name) return t.type;
  const bool is_narrow =
      name.starts_with("F8") || name.starts_with("F6") || name.starts_with("F4") || name == "I8";
  throw bad_data(
      where + ": dtype \"" + name + "\" is not supported",
      is_narrow ? "the model is quantised: take it as it was before, in float32, float16 or bfloat16" : "");
}

std::string name_of(at::ScalarType type) {
  for (const TypeName& t : kTypes)
    if (type == t.type) return t.name;
  throw internal_error("a tensor type that safetensors files of film never hold");
}

// What is in the file instead, when it is not a safetensors file at all.
std::string likely_content(std::string_view bytes) {
  if (is_lfs_pointer(bytes)) return "it is a git-lfs pointer: fetch the real file (git lfs pull)";
  if (bytes.starts_with("PK")) return "it looks like a PyTorch .bin file: save the model as safetensors";
  if (bytes.starts_with("<")) return "it looks like a web page: fetch the file again";
  return "the file is truncated or damaged: fetch it again";
}

// One entry of the header; `next` is where its data must begin (offsets are contiguous).
Tensor entry_tensor(const Json& entry, const std::string& where, const MappedFile& file, std::uint64_t data,
                    std::uint64_t& next) {
  const at::ScalarType type = type_of(member<std::string>(entry, "dtype", where), where);
  const auto shape = member<std::vector<std::int64_t>>(entry, "shape", where);
  const auto offsets = member<std::vector<std::uint64_t>>(entry, "data_offsets", where);
  std::uint64_t extent = c10::elementSize(type), bytes = extent;
  for (const std::int64_t size : shape) {
    // Strides too must fit, also of a tensor without elements: sizes of 0 count as 1 in them.
    if (size < 0 ||
        __builtin_mul_overflow(extent, static_cast<std::uint64_t>(std::max<std::int64_t>(1, size)),
                               &extent) ||
        extent > kMaxExtent)
      throw bad_data(where + ": impossible shape " + to_line(entry.at("shape")));
    bytes *= static_cast<std::uint64_t>(size);
  }
  if (offsets.size() != 2 || offsets[0] != next || offsets[1] < offsets[0] ||
      offsets[1] - offsets[0] != bytes || offsets[1] > file.bytes().size() - data)
    throw bad_data(where + ": data offsets do not fit its shape and the file's size",
                   "the file is truncated or damaged: fetch it again");
  next = offsets[1];
  auto* address = const_cast<std::byte*>(file.bytes().data()) + data + offsets[0];
  return at::from_blob(
      address, shape, [owner = file.owner()](void*) {}, at::dtype(type));
}

}  // namespace

SafetensorsFile::SafetensorsFile(const fs::path& path) : file_(path) {
  const std::string where = path.string();
  const auto bytes = file_.bytes();
  const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  std::uint64_t header = 0;
  if (bytes.size() >= 8) std::memcpy(&header, bytes.data(), 8);
  if (bytes.size() < 8 || header > kMaxHeader || header > bytes.size() - 8)
    throw bad_data(where + ": not a safetensors file", likely_content(text));
  const Json json = parse_json(text.substr(8, header), where + " (header)");

  using Offsets = std::vector<std::uint64_t>;
  std::vector<std::pair<Offsets, std::string>> order;  // by place in the file, to check that nothing overlaps
  for (const auto& [name, entry] : json.items())
    if (name != "__metadata__")
      order.emplace_back(member<Offsets>(entry, "data_offsets", where + ": " + name), name);
  std::ranges::sort(order);
  std::uint64_t next = 0;
  for (const auto& [offsets, name] : order)
    tensors_[name] = entry_tensor(json.at(name), where + ": " + name, file_, 8 + header, next);
  if (8 + header + next != bytes.size())
    throw bad_data(where + ": " + std::to_string(bytes.size() - 8 - header - next) + " bytes too long",
                   "the file is damaged: fetch it again");
}

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors_) names.push_back(name);
  return names;
}

Tensor SafetensorsFile::tensor(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw bad_data(file_.path().string() + ": tensor " + name + " is missing");
  return found->second;
}

Tensor SafetensorsFile::elements(const std::string& name, std::int64_t begin, std::int64_t end) const {
  const Tensor view = tensor(name).flatten().slice(0, begin, end);
  const Tensor copy = view.clone();
  const auto* address = static_cast<const std::byte*>(view.const_data_ptr());
  if (view.numel() > 0)
    file_.release(static_cast<std::size_t>(address - file_.bytes().data()), view.nbytes());
  return copy;
}

void SafetensorsFile::copy_into(const StoredTensor& target) const {
  const std::string& name = target.source.name;
  const std::int64_t count = tensor(name).numel();
  if (tensor(name).sizes() != target.source.shape)
    throw bad_data(file_.path().string() + ": " + name + " has another shape than the model's");
  for_each_piece(
      count, [&](std::int64_t begin, std::int64_t end) { target.write(begin, elements(name, begin, end)); });
}

void for_each_piece(std::int64_t elements, const std::function<void(std::int64_t, std::int64_t)>& use) {
  for (std::int64_t begin = 0; begin < elements; begin += kPieceElements)
    use(begin, std::min(elements, begin + kPieceElements));
}

TensorSource source_of(const std::string& name, const Tensor& x) {
  return {name, x.scalar_type(), x.sizes().vec(),
          [flat = x.reshape(-1)](std::int64_t begin, std::int64_t end) {
            return flat.slice(0, begin, end).cpu();
          }};
}

StoredTensor stored(const std::string& name, const Tensor& x) {
  return {source_of(name, x),
          [flat = x.view(-1)](std::int64_t begin, const Tensor& piece) {
            flat.narrow(0, begin, piece.numel()).copy_(piece);
          },
          {0, x.numel()}};
}

namespace {

std::int64_t elements_of(const TensorSource& source) { return c10::multiply_integers(source.shape); }

std::string header_text(const std::vector<TensorSource>& sources) {
  Json header = {{"__metadata__", {{"format", "pt"}}}};
  std::uint64_t offset = 0;
  for (const TensorSource& source : sources) {
    const std::uint64_t end =
        offset + static_cast<std::uint64_t>(elements_of(source)) * c10::elementSize(source.type);
    header[source.name] = {
        {"dtype", name_of(source.type)}, {"shape", source.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = to_line(header);
  text.append((8 - text.size() % 8) % 8, ' ');  // data starts on a multiple of 8
  return text;
}

}  // namespace

void write_safetensors(const fs::path& path, std::vector<TensorSource> sources) {
  const std::string header = header_text(sources);
  const std::uint64_t size = header.size();
  AtomicFile file(path, Hashing::as_written);
  file.write({reinterpret_cast<const char*>(&size), 8});
  file.write(header);
  for (TensorSource& source : sources) {
    for_each_piece(elements_of(source), [&](std::int64_t begin, std::int64_t end) {
      const Tensor piece = source.elements(begin, end).contiguous();
      if (piece.scalar_type() != source.type || piece.numel() != end - begin)
        throw internal_error("the source of tensor " + source.name + " gave another type or size");
      file.write({static_cast<const char*>(piece.const_data_ptr()), piece.nbytes()});
    });
    source.elements = nullptr;
  }
  file.commit();
}

void write_safetensors(const fs::path& path, const NamedTensors& tensors) {
  std::vector<TensorSource> sources;
  for (const auto& [name, x] : tensors) sources.push_back(source_of(name, x));
  write_safetensors(path, std::move(sources));
}

}  // namespace film::checkpoint

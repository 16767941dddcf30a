#include "cuda_library.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <c10/util/Exception.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <cstdlib>

#include "film/base/error.h"
#include "film/base/files.h"
#include "film/base/log.h"
#include "film/engine/open_failure.h"
#include "film/kernels/device.h"
#include "per_device.h"

namespace film::kernels {
namespace {

const cuda::Library* opened = nullptr;
constexpr const char* kNoGpu =
    "is CUDA_VISIBLE_DEVICES empty, or the GPU not given to this job or container?";

// Folder of the loaded library of that file name.
fs::path folder_of_library(const std::string& name) {
  struct Search {
    std::string name;
    fs::path folder;
  } search{name, {}};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        auto& wanted = *static_cast<Search*>(data);
        const fs::path path = info->dlpi_name;
        if (path.filename() == wanted.name) wanted.folder = path.parent_path();
        return 0;
      },
      &search);
  return search.folder;
}

// By the numbers of cuda.h.
CudaState no_start(int error) {
  switch (error) {
    case 100:
      return {false, "the NVIDIA driver shows no GPU", kNoGpu};
    case 803:
      return {false, "the NVIDIA driver's kernel module is of another version than its library (error 803)",
              "the driver was updated on a running system, or the container brings its own libcuda: restart "
              "the node, or "
              "remove that libcuda from the library path"};
    case 804:
      return {false, "CUDA's compatibility library is in use, and this GPU does not allow it (error 804)",
              "remove the folder cuda/compat from LD_LIBRARY_PATH, and update the driver to 580 or newer"};
    default:
      return {false, fmt::format("the NVIDIA driver does not start (error {})", error),
              "run nvidia-smi: it says whether the GPU is lost or taken"};
  }
}

// The driver answers without the runtime: what it says decides whether 230 MB of libraries are opened at all.
CudaState driver_state() {
  void* driver = nullptr;
  for (const std::string& name : driver_names())
    if (driver == nullptr) driver = ::dlopen(name.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (driver == nullptr)
    return {true, "there is no NVIDIA driver (libcuda.so.1)", "install the driver, or use device=cpu"};
  const auto call = [&](const char* name, auto... arguments) {
    auto* function = reinterpret_cast<int (*)(decltype(arguments)...)>(::dlsym(driver, name));
    return function == nullptr ? -1 : function(arguments...);
  };
  int version = 0, count = 0;
  if (call("cuDriverGetVersion", &version) != 0)
    return {false, "the NVIDIA driver does not answer", "reinstall the driver"};
  if (version < 13000)
    return {
        false,
        fmt::format("the NVIDIA driver is too old: it knows CUDA up to {}.{}, film's libraries are of 13.0",
                    version / 1000, version % 1000 / 10),
        "update the driver to 580 or newer, ask for nodes that have one, or use device=cpu"};
  if (const int error = call("cuInit", 0u); error != 0) return no_start(error);
  if (call("cuDeviceGetCount", &count) != 0 || count == 0)
    return {false, "the NVIDIA driver shows no GPU", kNoGpu};
  return {};
}

CudaState cannot_open(const char* library, const char* remedy) {
  const engine::OpenFailure failure = engine::open_failure(library, ::dlerror(), remedy);
  return {false, failure.what, failure.remedy};
}

CudaState library_state() {
  const fs::path torch = folder_of_library("libc10.so") / "libtorch_cuda.so",
                 ours = folder_of_library("libfilm_engine.so").empty()
                            ? fs::read_symlink("/proc/self/exe").parent_path() / "libfilm_cuda.so"
                            : folder_of_library("libfilm_engine.so") / "libfilm_cuda.so";
  if (!fs::exists(ours))
    return {false, "this build has no CUDA kernels: " + ours.string() + " is missing",
            "build with -DFILM_CUDA=ON (preset cuda)"};
  if (::dlopen(torch.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr)
    return cannot_open("Torch's CUDA library",
                       "install its CUDA packages beside torch (scripts/setup.sh --cuda), or unset "
                       "LD_LIBRARY_PATH if it names another CUDA");
  void* handle = ::dlopen(ours.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle == nullptr) return cannot_open("film's library of CUDA kernels", "rebuild it");
  auto* table = reinterpret_cast<decltype(&film_cuda_library)>(::dlsym(handle, "film_cuda_library"));
  if (table == nullptr || table()->version != cuda::kLibraryVersion)
    return {false, ours.string() + " belongs to another version of film", "rebuild it with this program"};
  CudaState state = start_cuda(*table(), torch_cuda());
  if (state.usable()) use_table(table());
  return state;
}

CudaState open_all() {
  // Torch reads one of the two, and which one changed between versions: a user's word in either counts.
  constexpr const char* kAllocator[] = {"PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF"};
  if (std::getenv(kAllocator[0]) == nullptr && std::getenv(kAllocator[1]) == nullptr)
    for (const char* name : kAllocator) ::setenv(name, "expandable_segments:True", 1);
  // With it, cuDNN's statistics lie in another order than film's backward gives them back.
  ::unsetenv("TORCH_CUDNN_SDPA_AVOID_RECOMPILE");
  const CudaState driver = driver_state();
  return driver.usable() ? library_state() : driver;
}

cuda::MemoryUse memory_use(const at::Device& device) { return cuda_library().memory(device.index()); }

}  // namespace

std::vector<std::string> driver_names() {
  return {"libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1",
          "/run/opengl-driver/lib/libcuda.so.1"};
}

TorchCuda torch_cuda() {
  return {.is_known = [] { return at::hasCUDA(); },
          .start =
              [] {
                at::Context& context = at::globalContext();
                context.lazyInitDevice(at::kCUDA);
                context.setAllowBF16ReductionCuBLAS(false);  // sums are fp32, also where cuBLAS splits them
              }};
}

CudaState start_cuda(const cuda::Library& table, const TorchCuda& torch) {
  if (!torch.is_known())
    return {false, "Torch was asked about CUDA before its CUDA library was opened",
            "this is a bug: report it"};
  try {
    torch.start();
  } catch (const c10::Error& error) {
    return {false, std::string("CUDA does not start: ") + error.what_without_backtrace(),
            "run nvidia-smi: it says whether the GPU is lost or taken"};
  }
  const cuda::DeviceInfo gpu = table.device_info(0);
  if (gpu.major < 8)
    return {false, fmt::format("{} has compute capability {}.{}", gpu.name, gpu.major, gpu.minor),
            "8.0 or newer is needed (A100, H100, H200)"};
  return {};
}

void use_table(const cuda::Library* table) { opened = table; }

const CudaState& open_cuda() {
  static const CudaState usable;
  if (opened != nullptr) return usable;
  static const CudaState state = open_all();
  return state;
}

const cuda::Library& cuda_library() {
  if (opened == nullptr) throw internal_error("the CUDA libraries are not open");
  return *opened;
}

OnCuda on_cuda(const Tensor& x) {
  const cuda::Library& library = cuda_library();
  return {library.launchers, library.stream(x.device().index())};
}

at::Device choose_device(engine::DeviceChoice choice) {
  if (choice == engine::DeviceChoice::cpu) return at::kCPU;
  const CudaState& state = open_cuda();
  if (state.usable()) return at::Device(at::kCUDA, 0);
  if (choice == engine::DeviceChoice::cuda) throw config_error("device=cuda: " + state.what, state.remedy);
  if (!state.driver_missing) info("computing on the CPU: " + state.what + " (" + state.remedy + ")");
  return at::kCPU;
}

DeviceFacts device_facts(const at::Device& device) {
  const cuda::DeviceInfo info = cuda_library().device_info(device.index());
  return {.name = info.name,
          .capability = fmt::format("{}.{}", info.major, info.minor),
          .driver = info.driver,
          .runtime = info.runtime,
          .nccl = info.nccl,
          .multiprocessors = info.multiprocessors,
          .memory = static_cast<std::uint64_t>(info.memory),
          .free = device_memory(device).free};
}

int capability_major(const at::Device& device) {
  static PerDevice<int> majors;
  return majors.of(device.index(), [](int index) { return cuda_library().device_info(index).major; });
}

DeviceMemory device_memory(const at::Device& device) {
  const cuda::MemoryUse use = memory_use(device);
  const auto bytes = [](cuda::Size n) { return static_cast<std::uint64_t>(n); };
  return {bytes(use.free),     bytes(use.total),         bytes(use.allocated), bytes(use.peak_allocated),
          bytes(use.reserved), bytes(use.peak_reserved), use.retries};
}

void synchronise(const at::Device& device) {
  if (device.is_cuda()) at::accelerator::synchronizeDevice(device.index());
}

std::shared_ptr<void> pin(const at::Tensor& x) {
  if (x.numel() == 0) return nullptr;
  void* begin = x.mutable_data_ptr();
  if (const char* error = cuda_library().pin(begin, x.nbytes()))
    throw os_error(fmt::format("cannot pin {:.1f} GiB of host memory: {}",
                               static_cast<double>(x.nbytes()) / (1 << 30), error),
                   "give the machine more memory, or set memory.offload to none or disk");
  return {begin, [keep = x](void* p) { cuda_library().unpin(p); }};
}

}  // namespace film::kernels

# libfilm_cuda.so: the kernels, and everything that needs a symbol of CUDA, cuBLAS or NCCL. libfilm_engine.so opens it
# by name when a GPU is asked for; nothing links it. nvcc is the toolkit's on the PATH, or the one that
# scripts/setup.sh --cuda fetched; FILM_NVCC names another.
if(NOT FILM_ENGINE)
  message(FATAL_ERROR "FILM_CUDA=ON needs FILM_ENGINE=ON: the kernels belong to the Torch library.")
endif()
find_program(FILM_NVCC nvcc PATHS ${FILM_TORCH_DIR}/../nvidia/cu13/bin)  # the PATH comes first
if(NOT FILM_NVCC)
  message(FATAL_ERROR "no nvcc found. Put a CUDA 13 toolkit's bin on the PATH, run scripts/setup.sh --cuda, "
    "or configure with -DFILM_CUDA=OFF.")
endif()

# Headers and libraries of CUDA: a toolkit's own, or the wheels' (no unversioned names there).
get_filename_component(cuda_root ${FILM_NVCC} REALPATH)
get_filename_component(cuda_root ${cuda_root} DIRECTORY)
get_filename_component(cuda_root ${cuda_root} DIRECTORY)
set(wheels ${FILM_TORCH_DIR}/../nvidia)
find_path(FILM_CUDA_INCLUDE cuda_runtime.h REQUIRED NO_DEFAULT_PATH
  PATHS ${cuda_root}/include ${cuda_root}/targets/x86_64-linux/include ${wheels}/cu13/include)
find_path(FILM_CUBLAS_INCLUDE cublas_v2.h REQUIRED PATHS ${FILM_CUDA_INCLUDE} ${wheels}/cu13/include NO_DEFAULT_PATH)
find_path(FILM_NCCL_INCLUDE nccl.h REQUIRED PATHS ${FILM_CUDA_INCLUDE} ${wheels}/nccl/include)

set(FILM_CUDA_FLAGS -std=c++20 -O3 --expt-relaxed-constexpr -Xcompiler=-fPIC,-Wall -Werror=all-warnings
  -gencode=arch=compute_80,code=sm_80 -gencode=arch=compute_90,code=sm_90
  -gencode=arch=compute_90,code=compute_90)  # the last: PTX, for GPUs that come later
set(objects "")
file(GLOB kernels CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/kernels/cuda/*.cu)
foreach(source ${kernels})
  get_filename_component(name ${source} NAME_WE)
  set(flags ${FILM_CUDA_FLAGS})
  if(name STREQUAL optimizer)
    list(APPEND flags -fmad=false)  # bit for bit what the CPU reference computes
  endif()
  set(object ${CMAKE_BINARY_DIR}/cuda/${name}.o)
  # What ptxas says of every kernel's registers and spills is kept beside the object, for cuda_library_test.py.
  add_custom_command(OUTPUT ${object} ${object}.resources DEPENDS ${source} DEPFILE ${object}.d
    COMMAND sh ${CMAKE_SOURCE_DIR}/cmake/nvcc.sh ${object}.resources ${FILM_NVCC} ${flags} -Xptxas=-v
      -I${CMAKE_SOURCE_DIR}/include -isystem ${FILM_CUDA_INCLUDE} -MD -MF ${object}.d -c ${source} -o ${object}
    COMMENT "Building CUDA object ${name}.o" VERBATIM)
  list(APPEND objects ${object})
endforeach()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/cuda)

add_library(film_cuda SHARED ${CMAKE_SOURCE_DIR}/src/kernels/cuda/library.cpp ${objects})
target_include_directories(film_cuda PRIVATE ${CMAKE_SOURCE_DIR}/include)
target_include_directories(film_cuda SYSTEM PRIVATE ${FILM_CUDA_INCLUDE} ${FILM_CUBLAS_INCLUDE} ${FILM_NCCL_INCLUDE})
target_compile_definitions(film_cuda PRIVATE FMT_HEADER_ONLY)
# CUDA's own libraries are those that libtorch_cuda has opened: found by its RPATH, not linked from here.
target_link_libraries(film_cuda PRIVATE film_warnings film_torch
  ${FILM_TORCH_DIR}/lib/libtorch_cuda.so ${FILM_TORCH_DIR}/lib/libc10_cuda.so)
target_link_options(film_cuda PRIVATE -Wl,--allow-shlib-undefined)
set_target_properties(film_cuda PROPERTIES BUILD_RPATH "${FILM_TORCH_DIR}/lib")
add_dependencies(film film_cuda)  # opened at run time, so built with it

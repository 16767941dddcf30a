#pragma once
// Marks functions that the CPU twins and the CUDA kernels share.
#ifdef __CUDACC__
#define FILM_BOTH __host__ __device__
#else
#define FILM_BOTH
#endif

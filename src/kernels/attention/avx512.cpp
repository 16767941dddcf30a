// 32 registers of 16 floats.
constexpr int kLanes = 16, kScoreRows = 8, kScoreVectors = 3, kOutRows = 12, kOutVectors = 2;
#include "block_code.h"

namespace film::kernels::attention {
const BlockKernel avx512 = {forward, backward};
}

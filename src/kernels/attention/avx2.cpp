// 16 registers of 8 floats.
constexpr int kLanes = 8, kScoreRows = 4, kScoreVectors = 3, kOutRows = 6, kOutVectors = 2;
#include "block_code.h"

namespace film::kernels::attention {
const BlockKernel avx2 = {forward, backward};
}

// Body of kernels_avx2.cpp and kernels_avx512.cpp, which define Vec and its operations before they
// include this.
#include "engine/cpu/gemm_impl.h"
#include "engine/cpu/rows_impl.h"
// attention_impl.h uses the exponential of rows_impl.h.
#include "engine/cpu/attention_impl.h"

namespace quorum::cpu {

extern const Kernels QUORUM_KERNELS = {
    QUORUM_KERNELS_NAME, kPanel,     gemm,    attention, rms_norm, rope, silu_mul,
    exp_array,           all_finite, spin_fma};

}  // namespace quorum::cpu

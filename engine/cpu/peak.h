// The processor's limit that matrix products are measured against.
#pragma once

namespace quorum {

// Floating-point operations a second, in 10^9, of `threads` threads (0: one a core) that run
// independent FMAs in registers, with the widest kernels of this processor; the best of some short
// runs. Takes about 0.2 s.
double measure_peak_gflops(int threads);

}  // namespace quorum

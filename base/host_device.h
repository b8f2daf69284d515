// For functions that CUDA kernels and the host call, in headers that both read.
#pragma once

#ifdef __CUDACC__
#define QUORUM_HOST_DEVICE __host__ __device__
#else
#define QUORUM_HOST_DEVICE
#endif

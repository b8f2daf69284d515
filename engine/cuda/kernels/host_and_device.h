// For functions that kernels and the host call, in headers that both read.
#pragma once

#ifdef __CUDACC__
#define QUORUM_HOST_AND_DEVICE __host__ __device__
#else
#define QUORUM_HOST_AND_DEVICE
#endif

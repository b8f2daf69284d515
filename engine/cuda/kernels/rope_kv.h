// What lies between the q, k, v product and attention: bias, the norms of q and k, rotary position
// embedding (Su et al. 2021), and the write into the KV cache.
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include "engine/cuda/kernels/kv_layout.h"
#include "engine/cuda/kernels/rows.h"

namespace quorum::cuda {

// Device pointers, aligned to 16 bytes. Of the kernels that have not ended when this one starts
// none may write bias, norms, cos, sin, or what `rows` points to: they are read before the wait.
// For the rows, embed() sees to that. head_dim, pages and KV heads are the layout's.
struct RopeKvCall {
  __nv_bfloat16* qkv = nullptr;   // (rows, (heads + 2·kv_heads)·head_dim): all q, all k, all v
  const float* bias = nullptr;    // as wide as a row of qkv, or none
  const float* q_norm = nullptr;  // (head_dim), or none: RMSNorm weights
  const float* k_norm = nullptr;  // (head_dim), or none
  float eps = 0;                  // of these norms
  const float* cos = nullptr;     // (positions, head_dim/2), as RopeTable has them
  const float* sin = nullptr;
  __nv_bfloat16* q = nullptr;   // (rows, heads, head_dim)
  __nv_bfloat16* kv = nullptr;  // the layer's part of the cache
  KvLayout layout;
  Rows rows;
  int heads = 0;
};

// In fp32, rounded once; qkv is undefined afterwards (discard.cuh). Rows of padding write nothing.
// Two rows must not share a position of a page.
void rope_kv(const RopeKvCall& call, cudaStream_t stream);

}  // namespace quorum::cuda

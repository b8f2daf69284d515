// Measurements of single parts on a GPU, beside the limits that the same device showed in the same
// call. All throw Error(kEnvironment) when this build has no CUDA or the device cannot be used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/cuda_backend.h"
#include "engine/decoder_spec.h"

namespace quorum {

// Bytes a second of kernels that only read device memory, from a buffer far beyond the L2 cache;
// the best of several.
double measure_read_bandwidth(int device);
// Operations a second (a multiply-add is two) of a large bf16 product.
double measure_flop_rate(int device);
// Bytes a second from pinned host memory to the device.
double measure_copy_bandwidth(int device);

// Decode attention of one layer.
struct AttentionShape {
  int heads = 0, kv_heads = 0, head_dim = 0;
  // K and V of a token, in bytes.
  std::int64_t kv_bytes_per_token() const { return std::int64_t{4} * kv_heads * head_dim; }
};
struct AttentionCost {
  double seconds = 0;            // of one layer's attention of the whole batch, median
  std::int64_t cache_bytes = 0;  // of KV over which the repetitions went
};
// Each case is sequences of the given lengths, each with one query token, over a cache of permuted
// pages. Repetitions go through different layers of a cache of at least `cache_bytes` (as far as
// memory reaches), so that the L2 cache serves nothing twice. All cases are measured in one
// allocation: memory that was freed and taken again is read a tenth slower.
std::vector<AttentionCost> measure_decode_attention(int device, const AttentionShape& shape,
                                                    std::span<const std::vector<int>> cases,
                                                    std::int64_t cache_bytes);

// One of the products of a decode step: (batch, columns) times the transpose of (rows, columns).
struct ProductCost {
  std::string name;           // "qkv", "o", "gate_up", "down", "lm_head"
  int rows = 0, columns = 0;  // of the weights
  int times = 0;              // in a step
  double seconds = 0;         // of one, median, weights not in the L2 cache
};
// The products of a step for each number of rows in `batches`, in one allocation too. They only
// write their results: what the backend lets them do with these is not in it.
std::vector<std::vector<ProductCost>> measure_products(int device, const DecoderSpec& spec,
                                                       std::span<const int> batches);

// From nothing to the first token, in a process that has not created a context yet.
struct LoadCost {
  double context_s = 0;      // creating the CUDA context
  double weights_s = 0;      // reading and copying the weights until the fused tensors are there
  double prepare_s = 0;      // checks, tuning, graphs
  double first_token_s = 0;  // a prompt of 64 tokens and one sampled token
  std::int64_t weight_bytes = 0;
};
LoadCost measure_load(const DecoderSpec& spec, const WeightSource& source,
                      const CudaBackendOptions& options);

}  // namespace quorum

// What lies where on the device: weights, buffers of a step, and KV pages in the rest.
#pragma once

#include <algorithm>

#include "engine/cuda/decoder.h"
#include "engine/cuda/step_upload.h"
#include "engine/cuda_backend.h"

namespace quorum::cuda {

inline constexpr int kPrefillRows = 1024;  // of a prefill pass, padding of chunks included
inline constexpr int kDecoderRows = std::max(kPrefillRows, kMaxAttentionSequences);
inline constexpr int kPrefillChunks = kPrefillRows / kMaxQueries;

struct MemoryPlan {
  int slots = 0, pages = 0, max_positions = 0;
  int stride = 0;          // entries of a page table
  std::size_t tables = 0;  // page tables: one a slot, then one a prefill chunk
  int splits = 0;          // of decode attention in one batch
  AttentionSizes attention;
  Decoder::Capacity decoder;
  StepUpload::Capacity upload;
  std::size_t attention_bytes = 0, prefill_bytes = 0;
  std::size_t kv_bytes = 0, total_bytes = 0;
};

// Throws Error(kEnvironment) for a model that the kernels do not take, Error(kUsage) for too many
// slots.
void check_supported(const DecoderSpec& spec, const CudaBackendOptions& options);

// For the current device and what check_supported() lets pass. Throws Error(kEnvironment) when
// weights and at least 18 pages do not fit.
MemoryPlan plan_memory(const DecoderSpec& spec, const CudaBackendOptions& options, Fusion fusion,
                       const Gemm& gemm);

}  // namespace quorum::cuda

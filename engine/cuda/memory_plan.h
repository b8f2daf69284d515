// What lies where on the device: weights, buffers of a step, and KV pages in the rest.
#pragma once

#include "engine/cuda/decoder.h"
#include "engine/cuda/step_upload.h"
#include "engine/cuda_backend.h"

namespace quorum::cuda {

inline constexpr int kPrefillRows = 1024;  // of a prefill pass, padding of chunks included
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

// For the current device. Throws Error(kEnvironment) when weights and at least two pages do not
// fit, or the shape is one that the kernels do not take.
MemoryPlan plan_memory(const DecoderSpec& spec, const CudaBackendOptions& options, bool joined,
                       const Gemm& gemm);

// Rows that a pass of the decoder has at most.
int decoder_rows(const CudaBackendOptions& options);

}  // namespace quorum::cuda

// The portable backend: the embedded default, and the oracle of the tests.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/backend.h"
#include "engine/weights.h"

namespace quorum {

struct CpuBackendOptions {
  int threads = 0;                                            // 0: one a core
  int slots = 64;                                             // --max-batch
  std::int64_t kv_bytes = std::int64_t{2} << 30;              // --kv-memory
  std::int64_t swap_bytes = 0;                                // host copies of preempted pages
  int max_positions = 0;                                      // 0: the model's
  enum class Isa { kAuto, kAvx2, kAvx512 } isa = Isa::kAuto;  // for tests; both give the same bits
};

// Copies (and repacks) the weights: `source` need not outlive it. Throws Error(kEnvironment) when
// the processor lacks AVX2 and FMA, or the KV memory does not hold two pages.
std::unique_ptr<Backend> make_cpu_backend(const DecoderSpec& spec, const DecoderWeights& weights,
                                          const CpuBackendOptions& options);

}  // namespace quorum

#include "engine/cuda/memory_plan.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "engine/cuda/kernels/rms_norm.h"
#include "engine/cuda/kernels/sample.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/prefill.h"

namespace quorum::cuda {
namespace {

constexpr int kDefaultSlots = 512;
// The fingerprint has room in them, so that it does not depend on --kv-memory.
constexpr std::size_t kLeastPages = 18;
// For graphs, modules and what the driver takes beside our arena.
constexpr std::size_t kReserve = std::size_t{1} << 30;

int ceil_div(int a, int b) { return (a + b - 1) / b; }

int slots_of(const CudaBackendOptions& options) {
  return options.slots > 0 ? options.slots : kDefaultSlots;
}

}  // namespace

void check_supported(const DecoderSpec& spec, const CudaBackendOptions& options) {
  const auto refuse = [](const std::string& what, const std::string& because) {
    throw Error(ErrorKind::kEnvironment, "the CUDA backend does not run this model: " + what,
                because, "--device cpu");
  };
  if (spec.head_dim != 64 && spec.head_dim != 128)
    refuse("head_dim is " + std::to_string(spec.head_dim), "its kernels take 64 and 128");
  if (spec.group() > 8)
    refuse(std::to_string(spec.group()) + " query heads share a KV head",
           "its attention takes at most 8");
  if (spec.hidden % 8 != 0 || spec.intermediate % 8 != 0 || spec.hidden > kMaxNormWidth)
    refuse("hidden_size is " + std::to_string(spec.hidden) + ", intermediate_size " +
               std::to_string(spec.intermediate),
           "they must be multiples of 8, hidden_size at most " + std::to_string(kMaxNormWidth));
  if (slots_of(options) > kMaxAttentionSequences)
    throw Error(ErrorKind::kUsage, "--max-batch " + std::to_string(options.slots) + " is too large",
                "the CUDA backend runs at most " + std::to_string(kMaxAttentionSequences) +
                    " sequences at once",
                "--max-batch " + std::to_string(kMaxAttentionSequences));
}

MemoryPlan plan_memory(const DecoderSpec& spec, const CudaBackendOptions& options, Fusion fusion,
                       const Gemm& gemm) {
  MemoryPlan plan;
  plan.slots = slots_of(options);
  plan.max_positions = options.max_positions > 0
                           ? std::min(options.max_positions, spec.max_positions)
                           : spec.max_positions;
  plan.stride = ceil_div(plan.max_positions, kPageTokens);
  plan.tables = static_cast<std::size_t>(plan.slots + kPrefillChunks);
  plan.attention = {spec.heads, spec.kv_heads, spec.head_dim, spec.layers};
  plan.decoder = {kDecoderRows, plan.slots, plan.max_positions, fusion};
  plan.upload = {plan.slots, std::max(16 * plan.slots, 4096), 4};

  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total));
  const std::size_t page = 2 * static_cast<std::size_t>(kPageTokens) *
                           static_cast<std::size_t>(spec.kv_elements_per_token());
  // All but the KV pages and what grows with them.
  const auto slots = static_cast<std::size_t>(plan.slots);
  const auto fixed = [&] {
    plan.attention_bytes = attention_plan_bytes(plan.attention, plan.slots, 1, plan.splits);
    plan.prefill_bytes = Prefill::bytes(plan.attention, plan.max_positions);
    std::size_t bytes = weight_bytes(spec, fusion, gemm) + Decoder::bytes(spec, plan.decoder, gemm);
    for (const std::size_t piece :
         {slots * sizeof(SlotState), plan.tables * static_cast<std::size_t>(plan.stride) * 4,
          slots * 4, slots * 4, slots * 4, slots * sizeof(SampleRow), plan.attention_bytes,
          slots * sizeof(SamplePick), slots * sizeof(RowResult), slots * sizeof(PageCopy)})
      bytes += arena_bytes(piece);
    return bytes + StepUpload::device_bytes(plan.upload) + plan.prefill_bytes;
  };
  // Twice what the pages could hold unshared, and one short split for every sequence.
  const auto splits_for = [&](std::size_t pages) {
    const std::size_t most = slots * static_cast<std::size_t>(splits_of(plan.max_positions));
    return static_cast<int>(std::min(most, 2 * pages / kSplitPages + slots + 256));
  };
  const std::size_t usable = free > kReserve ? free - kReserve : 0;
  plan.splits = splits_for(usable / page);
  const std::size_t others = fixed();
  std::size_t kv = options.kv_bytes > 0 ? static_cast<std::size_t>(options.kv_bytes)
                   : usable > others    ? usable - others
                                        : 0;
  const std::size_t pages = std::min<std::size_t>(kv / page, 1 << 30);
  const std::size_t least = kLeastPages * page;
  if (pages < kLeastPages || others + pages * page > usable) {
    const bool asked = options.kv_bytes > 0;
    throw Error(ErrorKind::kEnvironment,
                asked && pages < kLeastPages ? "--kv-memory does not hold 18 KV pages"
                                             : "the model and its KV cache do not fit on the GPU",
                "weights and buffers take " + gigabytes(others) + ", 18 KV pages " +
                    gigabytes(least) + (asked ? ", --kv-memory asks for " + gigabytes(kv) : "") +
                    "; free: " + gigabytes(free) + " of " + gigabytes(total),
                "end what else uses the GPU, lower --max-batch or --kv-memory, or take a smaller "
                "model");
  }
  plan.pages = static_cast<int>(pages);
  plan.splits = splits_for(pages);
  // Weights are put together in the cache's memory, beside those that are being converted.
  plan.kv_bytes = std::max(pages * page, staging_bytes(spec) + scratch_bytes(spec));
  plan.total_bytes = arena_bytes(plan.kv_bytes) + fixed();
  if (plan.total_bytes > usable)
    throw Error(ErrorKind::kEnvironment, "the model does not fit on the GPU",
                "loading it needs " + gigabytes(plan.total_bytes) + "; free: " + gigabytes(free),
                "end what else uses the GPU, or take a smaller model");
  return plan;
}

}  // namespace quorum::cuda

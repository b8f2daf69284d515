// The CUDA backend's class: made in load_backend.cpp, run in cuda_backend.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "engine/cuda/decoder.h"
#include "engine/cuda/device.h"
#include "engine/cuda/kernels/sample.h"
#include "engine/cuda/memory_plan.h"
#include "engine/cuda/prefill.h"
#include "engine/cuda/step_graphs.h"
#include "engine/cuda/step_halves.h"
#include "engine/cuda/step_upload.h"
#include "engine/cuda/swap_space.h"
#include "engine/cuda_backend.h"

namespace quorum::cuda {

inline constexpr int kLag = 2;  // one step runs while the host plans the next

// Seconds between calls.
class StopWatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

using MakeFiller = std::function<std::unique_ptr<TensorFiller>(std::byte*, cudaStream_t)>;

// The host's view of a slot.
struct Slot {
  bool used = false;
  int length = 0;  // positions with KV once the queued steps are over
  int pages = 0;   // in its table
};

// A step whose tokens are not read yet.
struct Pending {
  std::vector<SlotId> slots;
  int buffer = 0;
};

class CudaBackend final : public Backend {
 public:
  CudaBackend(const DecoderSpec& spec, const CudaBackendOptions& options, const MakeFiller& filler);
  ~CudaBackend() override { cudaStreamSynchronize(stream_.get()); }

  struct LoadTimes {
    double context_s = 0, weights_s = 0, prepare_s = 0;
  };
  LoadTimes load_times() const { return load_times_; }

  BackendLimits limits() const override {
    return {plan_.slots,         plan_.pages,      kPageTokens,
            plan_.max_positions, kPrefillRows / 2, swap_.pages()};
  }
  int lag() const override { return kLag; }
  void enqueue(const StepPlan& plan) override;
  std::vector<TokenEvent> collect() override;
  void logits(std::span<const TokenId> tokens, std::span<const int> positions,
              const LogitsVisitor& visit) override;
  std::optional<StepProfile> profile_step(int rows, int context) override;
  std::string fingerprint() override;
  std::string description() const override {
    return "cuda, " + device_.name + ", " + std::to_string(plan_.slots) + " slots, " +
           std::to_string(plan_.pages) + " KV pages";
  }

 private:
  void check_token(TokenId token) const;
  Slot& slot(SlotId id);
  void start(const SlotStart& start);
  void queue_decodes(const std::vector<DecodeRow>& decodes);
  void queue_batch(std::span<const std::int32_t> slots, std::int64_t positions, RowResult* results);
  void queue_step(const StepKind& kind, PartObserver* observer);
  void run_step(int bucket, std::int64_t positions);
  int attention_beside(int bucket, std::int64_t positions) const;

  StopWatch watch_;
  LoadTimes load_times_;
  DecoderSpec spec_;
  Device device_;
  StepCosts costs_;
  Stream stream_, attention_stream_;
  Event planned_, attended_;  // of a step in halves
  Fusion fusion_;
  Gemm gemm_;
  MemoryPlan plan_;
  Arena arena_;
  KvLayout layout_;
  __nv_bfloat16* kv_ = nullptr;
  DeviceWeights weights_;
  std::optional<Decoder> decoder_;
  SwapSpace swap_;

  std::vector<Slot> slots_;
  SlotState* slot_states_ = nullptr;
  std::int32_t* page_tables_ = nullptr;
  DecodeRows rows_;
  AttentionPlan attention_;
  SamplePick* picks_ = nullptr;
  RowResult* results_ = nullptr;
  PageCopy* copies_ = nullptr;
  std::optional<StepUpload> upload_;
  std::optional<Prefill> prefill_;
  bool use_graphs_;
  int attention_beside_;  // CudaBackendOptions
  StepGraphs graphs_;

  std::vector<SlotStartRecord> new_starts_;  // of the step in the making
  std::vector<TableEntry> new_entries_;
  std::deque<Pending> pending_;
  std::vector<PinnedMemory> host_results_;
  std::vector<Event> finished_;
  int next_buffer_ = 0;
};

}  // namespace quorum::cuda

// The CUDA backend. In a build without CUDA the functions are there too: the makers throw
// Error(kEnvironment), and there are no devices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "engine/weights.h"

namespace quorum {

struct CudaBackendOptions {
  int device = 0;               // as the driver numbers them
  int slots = 0;                // --max-batch; 0: as many as make sense
  std::int64_t kv_bytes = 0;    // --kv-memory; 0: what is free
  std::int64_t swap_bytes = 0;  // pinned host memory for KV pages that are swapped out; 0: none
  int max_positions = 0;        // 0: the model's
  bool graphs = true;           // steps as CUDA graphs; false gives the same bits
  // Multiprocessors that attention has beside products (engine/cuda/step_halves.h): as predicted
  // for each step, 0 for never, or, in steps that can go in halves at all (graphs, models whose
  // products are all our own, an even batch bucket), so many; at least 32 are left. Changes no bit.
  static constexpr int kPredicted = -1;
  int attention_beside = kPredicted;
  std::filesystem::path cache;  // folder that keeps what tuning found; empty: none
};

// Copies the weights to the device: `source` need not outlive it. Throws Error(kEnvironment) when
// this build has no CUDA, when the device is missing, too old, too small or lost, and
// when its products are not row-invariant; Error(kData) as bind_weights does.
std::unique_ptr<Backend> make_cuda_backend(const DecoderSpec& spec, const WeightSource& source,
                                           const CudaBackendOptions& options);
// The same with weights made on the device, for benchmarks of a shape without a checkpoint.
std::unique_ptr<Backend> make_cuda_backend_random(const DecoderSpec& spec, std::uint64_t seed,
                                                  const CudaBackendOptions& options);

// What the CUDA backend needs, for messages.
inline constexpr const char* kCudaRequirement =
    "an NVIDIA GPU of compute capability 8.0 or newer, driver 580 or newer (CUDA 13.0), and "
    "libcublasLt.so.13";

struct CudaDeviceInfo {
  std::string name;
  int major = 0, minor = 0;  // compute capability
  std::int64_t total_bytes = 0;
  std::int64_t free_bytes = -1;  // -1: not asked for
  int driver = 0, runtime = 0;   // CUDA versions as 1000 major + 10 minor: 13000
  std::string problem;           // why it cannot be used; empty: it can
};
// All devices in the driver's order. Empty without a device, a driver or CUDA in the build; see
// cuda_problem() for which. `ask_free` creates a context on each, which takes a moment. Never
// throws.
std::vector<CudaDeviceInfo> cuda_devices(bool ask_free = false);

// Why there is no device at all: "this build has no CUDA backend", "there is no NVIDIA driver", …;
// empty when cuda_devices() has one.
std::string cuda_problem();
// Throws Error(kEnvironment) that says what is missing and what to do: CUDA in this build, a
// driver, a device of that index, or something that this device lacks.
void require_cuda_device(int index);
// Where libcublasLt was found, or empty.
std::string cuda_blas_library();
bool built_with_cuda();

}  // namespace quorum

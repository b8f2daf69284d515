// What the passes of the sampling kernel over a row share.
//
// Only the few tokens that may win are judged in double; the passes over the vocabulary work in
// fp32 with bounds on its error. A row's extent below its largest logit is cut into bins, whose
// masses show where the nucleus ends but for a small doubtful region.
#pragma once

#include <cstdint>

#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/exp2.cuh"
#include "engine/cuda/kernels/row_extremes.cuh"
#include "engine/cuda/kernels/sample.h"
#include "engine/cuda/kernels/sample_cluster.cuh"
#include "engine/cuda/kernels/sample_exact.cuh"

namespace quorum::cuda::sampling {

constexpr int kThreads = 512;
constexpr int kWarps = kThreads / 32;
constexpr int kBins = 2048;
constexpr int kQueue = 64 + 4 * 32;  // candidates that wait in a warp
constexpr int kSurvivors = 256;
constexpr int kUnroll = 4;  // groups of four logits that a thread loads ahead
constexpr int kNearStep = kUnroll * kThreads * 4;
constexpr unsigned kAll = 0xFFFFFFFFu;
constexpr float kInfinity = __builtin_huge_valf();
constexpr double kLog2E = 1.4426950408889634;

// What the launcher passes.
struct Job {
  const float* logits;
  std::int64_t stride;
  int vocab;
  int slice;     // tokens of a row that a block works on, a multiple of 32
  int near;      // tokens of a slice that shared memory keeps
  int bin_bits;  // a token adds at most about 2^bin_bits to its bin: a slice does not overflow
  const SampleRow* params;
  SamplePick* picks;
  RowExtremes extremes;
};

// A block's part of a row: ids [begin, end). Those before `near_end` are kept in shared memory,
// each by the thread that reads it again: `near` + id.
struct Slice {
  const float* row;
  int begin, end;
  float* near;
  int near_end;  // `end`, or a multiple of kNearStep beyond `begin`
};

// Where the nucleus ends. Tokens with a logit >= `sure` stay, those with a logit < `least` do not.
struct Nucleus {
  float sure, least;
  float mass;  // about; relative to the mass of the largest logit
};

// A token that the cheap test did not refuse.
struct Survivor {
  std::int32_t id;
  float logit;
  std::uint32_t word;
};

enum class Verdict { kDone, kRepeat, kVerify };

struct Decision {
  Verdict verdict;
  float expected;  // kRepeat: how many survivors to aim at
  float logit;     // of the winner
  std::int32_t id;
};

struct Shared {
  // Read by the other blocks of the row.
  std::uint32_t histogram[kBins];  // later, in the block's own share of the bins: running masses
  Extremes extremes;
  float share_mass;  // of the block's share of the bins
  std::int32_t first_id;
  unsigned long long untempered;
  unsigned long long first_doubtful;
  unsigned long long total, before;
  // Of block 0 alone.
  double log_normalizer;
  std::int32_t survivor_count;
  Survivor survivors[kSurvivors];
  // Written by block 0.
  Decision decision;
  // The block's own.
  Nucleus nucleus;
  float warp_mass[kWarps];
  Extremes warp_extremes[kWarps];
  unsigned long long warp_untempered[kWarps];
  uint2 queue[kWarps][kQueue];
};

// Distances below the largest logit m in fp32: half of them, so that they do not overflow, and
// times 2^100 where only differences near the least float matter.
struct Scale {
  float largest;
  double temperature;
  float slope, offset;  // half distance = logit · slope + offset
  float per_bin;        // bins a half distance; bin i is centred at i
  double exponent;      // log2 of the mass a bin loses against the bin before
  float to_log2;        // log2(mass) = half distance · to_log2

  __device__ Scale(const Extremes& row, double t) : largest(row.largest), temperature(t) {
    const double spread =
        (static_cast<double>(row.largest) - static_cast<double>(row.smallest)) / 2;
    const double used = fmin(spread, -kLeastExponent / 2 * t);
    const double zoom = used < 0x1p-90 && fabsf(row.largest) < 0x1p20f ? 0x1p100 : 1.0;
    slope = static_cast<float>(-0.5 * zoom);
    offset = static_cast<float>(0.5 * zoom) * row.largest;
    const double extent = used * zoom;
    // Where the bound applies all tokens of any mass equal the largest one.
    const bool all_equal = extent < (kBins - 1) / 0x1p127;
    per_bin = all_equal ? 0x1p127f : (kBins - 1) / static_cast<float>(extent);
    const double steepness = -2.0 * kLog2E / (t * zoom);
    to_log2 = static_cast<float>(fmax(steepness, -0x1p127));
    exponent = all_equal ? 0.0 : steepness / static_cast<double>(per_bin);
  }
  __device__ __forceinline__ float half_distance(float logit) const {
    return fmaf(logit, slope, offset);
  }
  // The logit a number of bins below the largest.
  __device__ double logit_at(double bins) const {
    return static_cast<double>(largest) +
           bins / (static_cast<double>(per_bin) * static_cast<double>(slope));
  }
};

// exp at temperature 1, relative to the largest logit but for a factor that is applied at the end.
struct Untempered {
  float origin;    // subtracted first from logits so large that differences to them are exact
  float constant;  // 2^(logit · log2(e) - constant)
  double factor;   // natural log of what the sum must be multiplied by

  __device__ explicit Untempered(float largest) {
    constexpr float kLog2EFloat = static_cast<float>(kLog2E);
    const bool large = fabsf(largest) > 0x1p20f;
    origin = large ? largest : 0.0f;
    const double exact =
        large ? 0.0 : static_cast<double>(largest) * static_cast<double>(kLog2EFloat);
    constant = static_cast<float>(exact);
    factor = (static_cast<double>(constant) - exact) * 0.6931471805599453;
  }
};

// Four logits a thread from `base` on, kUnroll times; what lies beyond the slice is `filler`.
__device__ __forceinline__ void load_fours(const Slice& slice, const float* from, int base,
                                           float filler, float4 (&four)[kUnroll]) {
  constexpr int kStep = kThreads * 4;
  const int id = base + static_cast<int>(threadIdx.x) * 4;
  if (base + kNearStep <= slice.end) {
#pragma unroll
    for (int u = 0; u < kUnroll; ++u)
      four[u] = *reinterpret_cast<const float4*>(from + id + u * kStep);
    return;
  }
#pragma unroll
  for (int u = 0; u < kUnroll; ++u) {
    four[u] = make_float4(filler, filler, filler, filler);
    if (id + u * kStep < slice.end)
      four[u] = *reinterpret_cast<const float4*>(from + id + u * kStep);
  }
#pragma unroll
  for (int u = 0; u < kUnroll; ++u) {  // apart from the loads, lest each waits for the one before
    if (id + u * kStep + 1 >= slice.end) four[u].y = filler;
    if (id + u * kStep + 2 >= slice.end) four[u].z = filler;
    if (id + u * kStep + 3 >= slice.end) four[u].w = filler;
  }
}

// Passes over a slice alternate in direction: what one reads last is still in the cache when the
// next one begins with it.
enum class Direction { kUp, kDown };

// Asks for what shared memory keeps of the slice, for the thread that reads it again.
__device__ __forceinline__ void fetch_near(const Slice& slice) {
  for (int id = slice.begin + static_cast<int>(threadIdx.x) * 4; id < slice.near_end;
       id += kThreads * 4)
    copy_16_bytes(slice.near + id, slice.row + id);
}
__device__ __forceinline__ void await_near() { asm volatile("cp.async.wait_all;" ::: "memory"); }

// Calls body(id, four logits) over the slice, after fetch_near(). All lanes of a warp stay
// together; `filler` stands for what lies beyond the end.
template <Direction kDirection = Direction::kUp, class Body>
__device__ __forceinline__ void for_each_four(const Slice& slice, float filler, Body&& body) {
  const int steps = (slice.end - slice.begin + kNearStep - 1) / kNearStep;
  for (int i = 0; i < steps; ++i) {
    const int step = kDirection == Direction::kUp ? i : steps - 1 - i;
    const int base = slice.begin + step * kNearStep;
    const bool is_near = base < slice.near_end;
    if (is_near) await_near();
    float4 four[kUnroll];
    load_fours(slice, is_near ? slice.near : slice.row, base, filler, four);
#pragma unroll
    for (int u = 0; u < kUnroll; ++u)
      body(base + (u * kThreads + static_cast<int>(threadIdx.x)) * 4, four[u]);
  }
}

template <class T>
__device__ __forceinline__ T warp_sum(T value) {
#pragma unroll
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(kAll, value, step);
  return value;
}

}  // namespace quorum::cuda::sampling

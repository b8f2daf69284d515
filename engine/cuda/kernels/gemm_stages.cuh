// The ring of stages of a product: one thread copies W into them, another X, and the warps that
// compute wait for both. sm_90 and newer.
//
// W does not depend on the kernels ahead, so it is asked for while they still run. But what X and
// the ends of the kernels ahead ask memory for waits behind it: with 200 KB on the way on each
// multiprocessor that is 5 µs. So where memory bounds, no more of W is on its way than keeps memory
// busy.
#pragma once

#include <cstdint>

#include "engine/cuda/kernels/barrier.cuh"

namespace quorum::cuda {

// Bytes of W on the way on a multiprocessor.
inline constexpr int kWideUnderWay = 96 * 1024, kSplitUnderWay = 64 * 1024;
// How many stages that are for so many tokens: memory bounds up to 64, above all stages may be.
constexpr int stages_under_way(int tokens, int bytes, int w_of_stage, int stages) {
  const int whole = bytes / w_of_stage;
  return tokens > 64 || whole > stages ? stages : whole < 1 ? 1 : whole;
}

template <int stages>
struct Stages {
  std::uint64_t w[stages], x[stages], empty[stages];

  // `releases`: arrivals that make a stage free. By one thread, before a barrier of the block.
  __device__ __forceinline__ void init(unsigned releases) {
    for (int i = 0; i < stages; ++i) {
      init_barrier(&w[i], 1);
      init_barrier(&x[i], 1);
      init_barrier(&empty[i], releases);
    }
    publish_barriers();
  }
  __device__ __forceinline__ void wait_filled(const Ring<stages>& ring) {
    wait(&w[ring.at], ring.phase);
    wait(&x[ring.at], ring.phase);
  }
};

// Gives the stages out in turn to the one that copies W, or X, into them. Of W at most `under_way`
// are on their way.
template <int stages, int under_way = stages>
class Filler {
 public:
  __device__ __forceinline__ explicit Filler(Stages<stages>& of) : stages_(of) {}

  // The next stage, once it is free.
  __device__ __forceinline__ int next() {
    if (count_ >= stages) wait(&stages_.empty[ring_.at], ring_.phase ^ 1);
    if (under_way < stages && count_ >= under_way) {
      wait(&stages_.w[landing_.at], landing_.phase);
      landing_.next();
    }
    const int stage = ring_.at;
    ++count_;
    ring_.next();
    return stage;
  }

 private:
  Stages<stages>& stages_;
  Ring<stages> ring_, landing_;
  int count_ = 0;
};

}  // namespace quorum::cuda

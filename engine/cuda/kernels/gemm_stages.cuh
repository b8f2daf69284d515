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
#include "engine/cuda/kernels/wgmma.cuh"

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
};

// The stages in turn, as the warps that compute see them. With few columns the loop over K is as
// fast as its own instructions. So addresses are taken once, and whoever branches on a warp's role
// does so on a value that is known to be uniform: descriptors then stay in uniform registers.
template <int stages, int stage_bytes>
class Reader {
 public:
  __device__ __forceinline__ Reader(Stages<stages>& of, const void* memory)
      : barriers_(uniform(shared_address(&of))),
        tiles_(uniform(describe_tile(shared_address(memory)))) {}

  __device__ __forceinline__ void wait_filled() const {
    if (ready_) return;
    wait(barrier(0), ring_.phase);
    wait(barrier(stages), ring_.phase);
  }
  // Of the tile with which the stage begins, see wgmma.cuh.
  __device__ __forceinline__ std::uint32_t tile() const {
    return tiles_ + ring_.at * (stage_bytes / 16);
  }
  // The address of the barrier that gives the stage back.
  __device__ __forceinline__ std::uint32_t empty() const { return barrier(2 * stages); }
  // To the next stage. Looks whether it is filled, while products are computed.
  __device__ __forceinline__ void next() {
    ring_.next();
    ready_ = is_complete(barrier(0), ring_.phase) && is_complete(barrier(stages), ring_.phase);
  }

 private:
  __device__ __forceinline__ std::uint32_t barrier(int first) const {
    return barriers_ + (first + ring_.at) * static_cast<std::uint32_t>(sizeof(std::uint64_t));
  }
  std::uint32_t barriers_, tiles_;
  Ring<stages> ring_;
  bool ready_ = false;
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

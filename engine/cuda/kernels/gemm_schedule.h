// How the work of Y = X · W^T is dealt out: a function of the shape (N, K) of W alone, so that the
// order in which an element of Y is summed does not depend on how many rows X has, nor on the GPU.
//
// W falls into pairs of tiles (256 rows) and blocks of 64 along K. The first `whole` pairs are
// computed by one worker each, over all of K. The blocks of the `split` pairs behind them form one
// line that is cut into `cuts` stretches of equal length, one a worker ("stream-K"; Osama et al.
// 2023, arXiv:2301.03598): what a stretch covers of a pair is a segment, and the sums of a pair's
// segments are added in the order of K.
#pragma once

#ifndef QUORUM_BOTH
#ifdef __CUDACC__
#define QUORUM_BOTH __host__ __device__
#else
#define QUORUM_BOTH
#endif
#endif

namespace quorum::cuda {

inline constexpr int kTileRows = 128;  // of W, one thread block
inline constexpr int kPairRows = 2 * kTileRows;
inline constexpr int kBlockK = 64;
inline constexpr int kWorkers = 66;  // each is two thread blocks, one a tile of the pair

struct GemmSchedule {
  int blocks = 0;  // K / 64
  int whole = 0, split = 0, cuts = 0;

  QUORUM_BOTH int pairs() const { return whole + split; }
  QUORUM_BOTH int line() const { return split * blocks; }
  // Where on the line the stretch of a worker begins; it ends where the next one's begins.
  QUORUM_BOTH int begin(int worker) const {
    return static_cast<int>(static_cast<long long>(worker) * line() / cuts);
  }
  // The worker whose stretch holds this position of the line.
  QUORUM_BOTH int owner(int position) const {
    return static_cast<int>(((position + 1LL) * cuts - 1) / line());
  }
  // The workers with a segment of a split pair are first(pair) … last(pair).
  QUORUM_BOTH int first(int split_pair) const { return owner(split_pair * blocks); }
  QUORUM_BOTH int last(int split_pair) const { return owner((split_pair + 1) * blocks - 1); }
  // Segments are numbered worker + split pair, which rises along the line; numbers below this.
  QUORUM_BOTH int segments() const { return split > 0 ? cuts + split - 1 : 0; }
};

// The schedule for W (n, k), k a multiple of 64. Committed: another choice changes bits.
GemmSchedule schedule_gemm(int n, int k);

}  // namespace quorum::cuda

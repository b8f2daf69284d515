#include "engine/cuda/kernels/sample.h"

#include <algorithm>

#include "base/error.h"
#include "engine/cuda/kernels/sample_passes.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace sampling {
namespace {

// Of block 0: survivors expected in a race. The chance that none suffices is exp(-16).
constexpr float kExpected = 16;
constexpr int kResident = 2;  // blocks a multiprocessor: one computes while the other loads

__device__ void publish(const Decision& decision, Shared& shared) {
  const unsigned lane = threadIdx.x % 32;
  if (lane < cluster_size()) *in_block(&shared.decision, lane) = decision;
}

// The smallest id that any block has found.
__device__ int first_of_all(Shared& shared) {
  cluster_barrier();
  int first = 0x7FFFFFFF;
  for (unsigned b = 0; b < cluster_size(); ++b) first = min(first, *in_block(&shared.first_id, b));
  cluster_barrier();
  return first;
}

// For a warp of block 0.
__device__ void find_normalizer(const Untempered& untempered, Shared& shared) {
  const unsigned lane = threadIdx.x % 32;
  const unsigned long long sum =
      warp_sum(lane < cluster_size() ? *in_block(&shared.untempered, lane) : 0ull);
  const double logarithm = fixed_log(static_cast<double>(sum) * 0x1p-40) + untempered.factor;
  if (lane == 0) shared.log_normalizer = logarithm;
}

// The winner among the survivors, by their exact scores. For the first warp of block 0.
__device__ void decide(const Scale& scale, const Nucleus& nucleus, float expected, float reach,
                       Shared& shared) {
  const int lane = threadIdx.x % 32;
  const int survivors = shared.survivor_count;
  double best = -__builtin_huge_val();
  int winner = -1;
  float logit = 0;
  bool within = false;
  const auto challenge = [&](double score, int id, float at) {
    if (id >= 0 && (winner < 0 || score > best || (score == best && id < winner))) {
      best = score;
      winner = id;
      logit = at;
    }
  };
  for (int i = lane; i < min(survivors, kSurvivors); i += 32) {
    const Survivor token = shared.survivors[i];
    const std::uint64_t mass = exact_mass(token.logit, scale.largest, scale.temperature);
    if (mass == 0) continue;
    const double q = static_cast<double>(mass), wait = -fixed_log(open_unit(token.word));
    within |= wait * (0x1p40 * (1 + 1e-6)) < q * static_cast<double>(reach);
    challenge(fixed_log(q) - fixed_log(wait), token.id, token.logit);
  }
  unsigned long long first =
      *in_block(&shared.first_doubtful, static_cast<unsigned>(lane) & (cluster_size() - 1));
#pragma unroll
  for (int step = 16; step > 0; step /= 2) {
    const double score = __shfl_xor_sync(kAll, best, step);
    const int id = __shfl_xor_sync(kAll, winner, step);
    const float at = __shfl_xor_sync(kAll, logit, step);
    challenge(score, id, at);
    const unsigned long long other = __shfl_xor_sync(kAll, first, step);
    first = other > first ? other : first;
  }
  // Whoever was refused has a larger -log(u) / mass than `reach` allows, hence a lower score.
  const bool conclusive = __any_sync(kAll, within);
  // The mass before the first doubtful token is that of tokens that surely stay: so does it.
  const bool sure = logit >= nucleus.sure || order_key(logit, winner) == first;
  Decision decision{sure ? Verdict::kDone : Verdict::kVerify, 0, logit, winner};
  if (survivors > kSurvivors)
    decision = {Verdict::kRepeat, expected / 4, 0, -1};
  else if (!conclusive)
    decision = {Verdict::kRepeat, expected * 4, 0, -1};
  __syncwarp();
  if (lane == 0) shared.survivor_count = 0;
  publish(decision, shared);
}

// Whether a token stays, by exact sums of masses; `before` is set to the mass before it.
__device__ bool verify(const Slice& slice, const Scale& scale, double top_p, const Decision& winner,
                       Shared& shared, unsigned long long& before) {
  const unsigned lane = threadIdx.x % 32;
  if (threadIdx.x == 0) shared.total = shared.before = 0;
  __syncthreads();
  sum_exactly(slice, scale.largest, scale.temperature, winner.logit, winner.id, shared);
  cluster_barrier();
  const bool has = lane < cluster_size();
  const unsigned long long total = warp_sum(has ? *in_block(&shared.total, lane) : 0ull);
  before = warp_sum(has ? *in_block(&shared.before, lane) : 0ull);
  cluster_barrier();
  return stays(before, top_p, total);
}

// The token at temperature > 0. The winner among all that may stay is the winner of the nucleus if
// it stays itself; if not, the nucleus ends before it, and those before it race again.
__device__ Decision draw(const Slice& slice, const Scale& scale, const Untempered& untempered,
                         const SampleRow& row, int bin_bits, Shared& shared) {
  // The errors of fp32 masses (below 2^-16), of rounding in bins, of masses below 1/2 taken as
  // such.
  const double doubt = 0x1p-15 + 1.0 / static_cast<double>(1 << bin_bits);
  const Nucleus nucleus = find_nucleus(scale, row.top_p, doubt, bin_bits, shared);
  Limit limit;
  float expected = kExpected, mass = nucleus.mass;
  for (;;) {
    if (threadIdx.x == 0) shared.first_doubtful = 0;
    __syncthreads();
    const float reach = expected / mass;
    race(slice, scale, row, nucleus, limit, reach, shared);
    cluster_barrier();
    if (cluster_rank() == 0) {
      if (threadIdx.x / 32 == 0) decide(scale, nucleus, expected, reach, shared);
      if (threadIdx.x / 32 == 1) find_normalizer(untempered, shared);
    }
    cluster_barrier();
    const Decision decision = shared.decision;
    if (decision.verdict == Verdict::kDone) return decision;
    if (decision.verdict == Verdict::kRepeat) {
      expected = decision.expected;
      continue;
    }
    unsigned long long before;
    if (verify(slice, scale, row.top_p, decision, shared, before)) return decision;
    limit = {decision.logit, decision.id};
    mass = static_cast<float>(static_cast<double>(before) * 0x1p-40);
    expected = kExpected;
  }
}

__global__ void __launch_bounds__(kThreads, kResident) sample_kernel(const Job job) {
  __shared__ Shared shared;
  extern __shared__ float4 near[];
  let_next_start();
  const int rank = static_cast<int>(cluster_rank());
  const int row_index = static_cast<int>(blockIdx.x / cluster_size());
  const bool chief = rank == 0 && threadIdx.x == 0;
  for (int i = static_cast<int>(threadIdx.x); i < kBins; i += kThreads) shared.histogram[i] = 0;
  if (threadIdx.x == 0) {
    shared.first_id = 0x7FFFFFFF;
    shared.survivor_count = 0;
  }
  if (threadIdx.x < 32) wait_for_previous();  // warps would do so one after another
  __syncthreads();
  const SampleRow row = job.params[row_index];
  if (row.active == 0) return;
  Slice slice;
  slice.row = job.logits + static_cast<std::int64_t>(row_index) * job.stride;
  slice.begin = min(rank * job.slice, job.vocab);
  slice.end = min(slice.begin + job.slice, job.vocab);
  slice.near = reinterpret_cast<float*>(near) - slice.begin;
  slice.near_end = min(slice.begin + job.near, slice.end);
  SamplePick& pick = job.picks[row_index];

  fetch_near(slice);
  const Extremes extremes = job.extremes.parts != nullptr
                                ? take_extremes(job.extremes, row_index, shared)
                                : find_extremes(slice, shared);
  if (!is_finite(extremes)) {
    find_first(slice, 0.0f, shared, [](float logit) { return !(fabsf(logit) < kInfinity); });
    const int bad = first_of_all(shared);
    if (chief) pick = {-1, bad, 0.0};
    return;
  }

  const Untempered untempered(extremes.largest);
  float logit = extremes.largest;
  int token;
  if (row.temperature > 0) {
    const Scale scale(extremes, row.temperature);
    weigh<true>(slice, &scale, untempered, job.bin_bits, shared);
    const Decision decision = draw(slice, scale, untempered, row, job.bin_bits, shared);
    logit = decision.logit;
    token = decision.id;
  } else {
    weigh<false>(slice, nullptr, untempered, job.bin_bits, shared);
    find_first(slice, -kInfinity, shared, [&](float each) { return each == extremes.largest; });
    __syncthreads();
    if (threadIdx.x < 32) sum_untempered(shared);
    cluster_barrier();
    if (rank == 0 && threadIdx.x < 32) find_normalizer(untempered, shared);
    token = first_of_all(shared);
  }
  if (chief) {
    const double distance = static_cast<double>(logit) - static_cast<double>(extremes.largest);
    pick = {token, -1, distance - shared.log_normalizer};
  }
}

struct Device {
  int most = 1;      // blocks a row
  int resident = 0;  // blocks that run at the same time
  int near = 0;      // logits that a block keeps in shared memory

  Device() {
    int device = 0, shared = 0, reserved = 0, multiprocessors = 0;
    cudaFuncAttributes attributes;
    check(cudaGetDevice(&device));
    check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device));
    resident = kResident * multiprocessors;
    check(cudaDeviceGetAttribute(&shared, cudaDevAttrMaxSharedMemoryPerMultiprocessor, device));
    check(cudaDeviceGetAttribute(&reserved, cudaDevAttrReservedSharedMemoryPerBlock, device));
    check(cudaFuncGetAttributes(&attributes, sample_kernel));
    if (attributes.ptxVersion >= 90) most = kMaxBlocks;  // of the code that runs: it has clusters
    const int bytes = shared / kResident - reserved - static_cast<int>(attributes.sharedSizeBytes);
    near = std::max(bytes, 0) / 16 * 4;
    check(cudaFuncSetAttribute(sample_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               near * static_cast<int>(sizeof(float))));
  }

  // Blocks a row: as many as let all rows run at the same time, and else pairs.
  int blocks_for(int rows) const {
    if (most == 1) return 1;
    int blocks = most;
    while (blocks > 2 && rows * blocks > resident) blocks /= 2;
    return blocks;
  }
};

}  // namespace
}  // namespace sampling

void sample(const float* logits, std::int64_t stride, int rows, int vocab, const SampleRow* params,
            SamplePick* picks, cudaStream_t stream, const RowExtremes& extremes,
            int blocks_per_row) {
  QUORUM_CHECK(vocab >= 1 && vocab <= 1 << 23 && stride % 4 == 0 && stride >= (vocab + 3) / 4 * 4,
               "the logits' shape is out of range");
  QUORUM_CHECK(extremes.parts == nullptr || (extremes.columns == vocab && extremes.count > 0),
               "extremes of other columns");
  if (rows == 0) return;
  static const sampling::Device device;
  const int blocks = blocks_per_row != 0 ? blocks_per_row : device.blocks_for(rows);
  QUORUM_CHECK(blocks == 1 || blocks == 2 || blocks == 4 || blocks == 8,
               "blocks a row out of range");
  const int slice = (vocab + 32 * blocks - 1) / (32 * blocks) * 32;
  const int near =
      slice <= device.near ? slice : device.near / sampling::kNearStep * sampling::kNearStep;
  sampling::Job job{logits, stride, vocab, slice, near, 17, params, picks, extremes};
  while (job.slice > (0x7FFFFFFF >> job.bin_bits)) --job.bin_bits;
  launch({.grid = dim3(static_cast<unsigned>(rows * blocks)),
          .block = dim3(sampling::kThreads),
          .shared_bytes = static_cast<std::size_t>(near) * sizeof(float),
          .stream = stream,
          .overlap = true,
          .cluster = static_cast<unsigned>(blocks)},
         sampling::sample_kernel, job);
}

}  // namespace quorum::cuda
